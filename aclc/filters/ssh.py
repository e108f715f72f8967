"""Who may open an SSH session on a node, as which login: the `ssh` rules of a policy for one node (reference §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from aclc.net import Address
from aclc.policy.model import SshRule
from aclc.policy.selectors import Kind, parse_selector
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of

Action = Literal["accept", "check"]

IDENTITY_KINDS: frozenset[Kind] = frozenset({"user", "group", "tag", "domain-users", "autogroup"})
"""What may stand in `src` and `dst` of `ssh`; anything else was reported, and lets nobody in here."""

_Audience = Literal["all", "own", "itself"]
"""Whom an entry lets in on a node: all its sources, those of the node's owner, or the node itself."""

NONROOT = "autogroup:nonroot"
RECORDER_PORT = 80
"""Where a session recorder listens."""

_ACCEPT = {
    "accept": True,
    "allowAgentForwarding": True,
    "allowLocalPortForwarding": True,
    "allowRemotePortForwarding": True,
}
_CHECK = {
    "holdAndDelegate": "https://unused/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER",
}


class SshFilterRule(NamedTuple):
    """One SSH rule of one node.

    `principals`: source addresses, sorted byte-wise by their text, repeats kept, never empty. `users`: requested login
    and local login, sorted; `*` stands for any login, `=` for the same one, an empty local login refuses.
    `accept_env`: globs in written order, empty for none. `recorders`: where sessions are recorded, only with action
    `accept`.
    """

    action: Action
    principals: tuple[Address, ...]
    users: tuple[tuple[str, str], ...]
    accept_env: tuple[str, ...] = ()
    recorders: tuple[Address, ...] = ()
    recording_enforced: bool = False


class _Lowered:
    """One entry of `ssh`, its names replaced by sets of nodes.

    `base`: the logins that hold for every source. `domains`: members of these also get their own local part as login;
    None where the entry has no `localpart:`; `any_case`: they are compared without regard to letter case. `copies`:
    whether a source node with k tags counts k times.
    """

    __slots__ = ("any_case", "base", "copies", "domains", "sources", "targets", "to_self", "write")

    def __init__(self, rule: SshRule, resolved: Resolved) -> None:
        names = resolved.names
        src = tuple(selector for selector in rule.src if selector.kind in IDENTITY_KINDS)
        self.sources = resolved.source_sets.of(src, rule.src_posture).nodes
        self.targets = 0
        self.to_self = False
        for selector in rule.dst:
            self.to_self = self.to_self or selector.name == "autogroup:self"
            if selector.kind in IDENTITY_KINDS:
                self.targets |= names.nodes(selector)
        # WHY: a node that is shared in takes its SSH rules from its own tailnet.
        self.targets &= ~names.shared
        # Only this autogroup lists a node once for each of its tags: captures ssh-b6 and its sibling.
        self.copies = any(selector.name == "autogroup:tagged" for selector in rule.src)
        self.any_case = names.meaning.localpart_any_domain
        domains = set()
        base = {"root": ""}
        for login in rule.users or ():
            local = parse_selector(login)
            if login == NONROOT:
                base["*"] = "="
            elif local.kind == "localpart" and local.name:
                domains.add(local.name.casefold() if self.any_case else local.name)
            else:
                base[login] = login
        self.base = tuple(sorted(base.items()))
        self.domains = frozenset(domains) or None
        self.write = _Writer(rule, resolved)

    def takes(self, domain: str) -> bool:
        """Tell whether users of a domain get their own local part as login."""
        return (domain.casefold() if self.any_case else domain) in (self.domains or ())


class _Writer:
    """Makes the rules of one entry of `ssh`: everything that does not depend on who the source is."""

    __slots__ = ("accept_env", "action", "enforced", "recorders")

    def __init__(self, rule: SshRule, resolved: Resolved) -> None:
        self.action: Action = "check" if rule.action == "check" else "accept"
        self.accept_env = rule.accept_env or ()
        self.recorders: tuple[Address, ...] = ()
        self.enforced = False
        # The action that a check leads to is not on the wire, so neither is its recorder.
        if rule.recorder and self.action == "accept":
            nodes = 0
            for selector in rule.recorder:
                nodes |= resolved.names.nodes(selector)
            self.recorders = tuple(address for node in indices_of(nodes) for address in resolved.names.addresses[node])
            self.enforced = rule.enforce_recorder

    def __call__(self, principals: tuple[Address, ...], users: tuple[tuple[str, str], ...]) -> SshFilterRule:
        return SshFilterRule(self.action, principals, users, self.accept_env, self.recorders, self.enforced)


class SshFilters:
    """The SSH rules of every node of one tailnet.

    Principals are worked out once per distinct set of sources, rules once per entry and user; nodes with the same rules
    share one tuple, so what is made of it need be made only once.

    Cost: making it is O(entries + nodes that they name); reading a node is proportional to its rules.
    """

    __slots__ = ("_entries", "_logins", "_of_owner", "_parts", "_principals", "_ranked", "_resolved", "_same", "_whole")

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        # The control plane puts every check before every accept, so that asking again wins over letting in.
        entries = sorted(resolved.policy.ssh or (), key=lambda rule: rule.action != "check")
        self._entries = [_Lowered(rule, resolved) for rule in entries if rule.src and rule.dst and rule.users]
        owners = [owner for owner in resolved.names.owners if owner is not None]
        logins = dict.fromkeys([*(user.login for user in resolved.tailnet.users), *owners])
        self._logins = {login: number for number, login in enumerate(logins)}
        self._ranked: tuple[list[Address], list[list[int]]] | None = None
        self._principals: dict[tuple[int, bool], tuple[Address, ...]] = {}
        self._whole: dict[int, tuple[SshFilterRule, ...]] = {}
        self._of_owner: dict[tuple[int, str], tuple[SshFilterRule, ...]] = {}
        self._same: dict[tuple[object, ...], tuple[SshFilterRule, ...]] = {}
        self._parts: list[list[tuple[int, _Audience]]] = [[] for _ in resolved.tailnet.nodes]
        for number, entry in enumerate(self._entries):
            self._place(number, entry)

    def _place(self, number: int, entry: _Lowered) -> None:
        """Note on which nodes an entry lets in whom."""
        names = self._resolved.names
        own = names.members if entry.to_self else 0
        if entry.domains is not None:
            # WHY: with `localpart:`, a source that is no destination gets the rules too, for itself: 17 captures of 17.
            own |= entry.sources & names.members & ~entry.targets
            for node in indices_of(entry.sources & ~names.members & ~names.shared & ~entry.targets):
                self._parts[node].append((number, "itself"))
        for node in indices_of(own):
            self._parts[node].append((number, "own"))
        for node in indices_of(entry.targets):
            self._parts[node].append((number, "all"))

    def rules_of(self, node: int) -> tuple[SshFilterRule, ...]:
        """Give the SSH rules of node number `node`, in the control plane's order; empty: nobody may open a session."""
        parts = self._parts[node]
        owner = self._resolved.names.owners[node]
        audiences = {audience for _, audience in parts}
        key = (owner if "own" in audiences else None, node if "itself" in audiences else None, *parts)
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = tuple(
                rule for number, audience in parts for rule in self._rules(number, audience, node, owner)
            )
        return found

    def _rules(self, number: int, audience: _Audience, node: int, owner: str | None) -> Iterable[SshFilterRule]:
        if audience == "all":
            return self._for_all(number)
        if owner is not None:
            return self._for_owner(number, owner)
        return self._emit(number, 1 << node, self._entries[number].base)

    def _for_all(self, number: int) -> tuple[SshFilterRule, ...]:
        """Give the rules that let in every source; one login map per member where the entry has a `localpart:`."""
        found = self._whole.get(number)
        if found is None:
            entry, names = self._entries[number], self._resolved.names
            if entry.domains is None:
                rules = list(self._emit(number, entry.sources, entry.base))
            else:
                owners = {names.owners[node] for node in indices_of(entry.sources & names.members)} - {None}
                rules = []
                for owner in sorted((each for each in owners if each is not None), key=self._logins.__getitem__):
                    rules += self._for_owner(number, owner)
                rules += self._emit(number, entry.sources & ~names.members, entry.base)
            found = self._whole[number] = tuple(rules)
        return found

    def _for_owner(self, number: int, owner: str) -> tuple[SshFilterRule, ...]:
        """Give the rules that let in the sources of one member."""
        found = self._of_owner.get((number, owner))
        if found is None:
            entry = self._entries[number]
            sources = entry.sources & self._resolved.names.user(owner)
            rules = list(self._emit(number, sources, entry.base))
            local, _, domain = owner.rpartition("@")
            if entry.domains is not None and entry.takes(domain):
                rules += self._emit(number, sources, ((local, local),))
            found = self._of_owner[number, owner] = tuple(rules)
        return found

    def _emit(self, number: int, sources: int, users: tuple[tuple[str, str], ...]) -> Iterator[SshFilterRule]:
        entry = self._entries[number]
        principals = self._principals_of(sources, copies=entry.copies)
        if principals:
            yield entry.write(principals, users)

    def _principals_of(self, sources: int, *, copies: bool) -> tuple[Address, ...]:
        found = self._principals.get((sources, copies))
        if found is None:
            nodes = self._resolved.tailnet.nodes
            by_rank, ranks = self._ranked = self._ranked or self._rank()
            chosen: list[int] = []
            for node in indices_of(sources):
                chosen += ranks[node] * (len(set(nodes[node].tags)) or 1) if copies else ranks[node]
            chosen.sort()
            found = self._principals[sources, copies] = tuple(map(by_rank.__getitem__, chosen))
        return found

    def _rank(self) -> tuple[list[Address], list[list[int]]]:
        """Give every address of the tailnet, byte-wise by their texts, and for each node where its own stand."""
        addresses = self._resolved.names.addresses
        texts = sorted((str(each), node, at) for node, own in enumerate(addresses) for at, each in enumerate(own))
        ranks: list[list[int]] = [[] for _ in addresses]
        for rank, (_, node, _) in enumerate(texts):
            ranks[node].append(rank)
        return [addresses[node][at] for _, node, at in texts], ranks


def ssh_rules_json(rules: Iterable[SshFilterRule]) -> list[dict[str, Any]]:
    """Give the rules of a node as clients read them."""
    return [ssh_rule_json(rule) for rule in rules]


def ssh_rule_json(rule: SshFilterRule) -> dict[str, Any]:
    """Give a rule as clients read it. The period after which a check asks again is never part of it."""
    action: dict[str, Any] = dict(_CHECK if rule.action == "check" else _ACCEPT)
    if rule.recorders:
        action["recorders"] = [
            f"[{address}]:{RECORDER_PORT}" if address.family == 6 else f"{address}:{RECORDER_PORT}"
            for address in rule.recorders
        ]
    if rule.recording_enforced:
        action["onRecordingFailure"] = {
            "RejectSessionWithMessage": "session recording is required",
            "TerminateSessionWithMessage": "session recording is required",
        }
    written: dict[str, Any] = {
        "principals": [{"nodeIP": str(address)} for address in rule.principals],
        "sshUsers": dict(rule.users),
        "action": action,
    }
    if rule.accept_env:
        written["acceptEnv"] = list(rule.accept_env)
    return written
