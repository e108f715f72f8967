"""Who may open an SSH session on a node, as which login: the `ssh` rules of a policy for one node (reference §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from aclc.net import Address
from aclc.policy.model import SshRule
from aclc.policy.selectors import Kind, parse_selector
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of
from aclc.resolve.posture import effective_postures, nodes_allowed_by_posture

Action = Literal["accept", "check"]

IDENTITY_KINDS: frozenset[Kind] = frozenset({"user", "group", "tag", "domain-users", "autogroup"})
"""What may stand in `src` and `dst` of `ssh`; anything else was reported, and lets nobody in here."""

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
    None where the entry has no `localpart:`. `copies`: whether a source node with k tags counts k times.
    """

    __slots__ = ("base", "copies", "domains", "sources", "targets", "to_self", "write")

    def __init__(self, rule: SshRule, resolved: Resolved) -> None:
        names = resolved.names
        self.sources = 0
        for selector in rule.src:
            if selector.kind in IDENTITY_KINDS:
                self.sources |= names.nodes(selector)
        if effective_postures(resolved.policy, rule.src_posture):
            self.sources &= nodes_allowed_by_posture(resolved.policy, rule.src_posture, resolved.tailnet.nodes)
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
        domains = set()
        base = {"root": ""}
        for login in rule.users or ():
            local = parse_selector(login)
            if login == NONROOT:
                base["*"] = "="
            elif local.kind == "localpart" and local.name:
                domains.add(local.name)
            else:
                base[login] = login
        self.base = tuple(sorted(base.items()))
        self.domains = frozenset(domains) or None
        self.write = _Writer(rule, resolved)


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

    Principals are worked out once per distinct set of sources, rules once per entry and kind of node; nodes with the
    same rules share one tuple, so what is made of it need be made only once.
    """

    __slots__ = ("_entries", "_logins", "_owned", "_principals", "_resolved", "_same", "_whole")

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        # The control plane puts every check before every accept, so that asking again wins over letting in.
        entries = sorted(resolved.policy.ssh or (), key=lambda rule: rule.action != "check")
        self._entries = [_Lowered(rule, resolved) for rule in entries if rule.src and rule.dst and rule.users]
        logins = [user.login for user in resolved.tailnet.users]
        self._logins = tuple(dict.fromkeys([*logins, *(each for each in resolved.names.owners if each is not None)]))
        self._principals: dict[tuple[int, bool], tuple[Address, ...]] = {}
        self._whole: dict[int, tuple[SshFilterRule, ...]] = {}
        self._owned: dict[tuple[int, str], tuple[SshFilterRule, ...]] = {}
        self._same: dict[tuple[object, ...], tuple[SshFilterRule, ...]] = {}

    def rules_of(self, node: int) -> tuple[SshFilterRule, ...]:
        """Give the SSH rules of node number `node`, in the control plane's order; empty: nobody may open a session.

        Cost: one bit test per entry of `ssh`, and the rules themselves once for all nodes that have the same.
        """
        owner = self._resolved.names.owners[node]
        parts: list[tuple[int, str]] = []
        for number, entry in enumerate(self._entries):
            is_target = entry.targets >> node & 1
            if entry.to_self and owner is not None:
                parts.append((number, "own"))
            if is_target:
                parts.append((number, "all"))
            elif entry.domains is not None and not (entry.to_self and owner) and entry.sources >> node & 1:
                # WHY: with `localpart:`, sources get the rules too, for themselves alone: 17 captures of 17.
                parts.append((number, "own" if owner is not None else f"only {node}"))
        same = (owner if any(kind == "own" for _, kind in parts) else None, *parts)
        found = self._same.get(same)
        if found is None:
            found = self._same[same] = tuple(self._parts(parts, node, owner))
        return found

    def _parts(self, parts: Iterable[tuple[int, str]], node: int, owner: str | None) -> Iterator[SshFilterRule]:
        for number, kind in parts:
            if kind == "all":
                yield from self._for_all(number)
            elif owner is not None:
                yield from self._for_owner(number, owner)
            else:
                yield from self._emit(number, 1 << node, self._entries[number].base)

    def _for_all(self, number: int) -> tuple[SshFilterRule, ...]:
        """Give the rules that let in every source; one login map per member where the entry has a `localpart:`."""
        found = self._whole.get(number)
        if found is None:
            entry = self._entries[number]
            if entry.domains is None:
                rules = list(self._emit(number, entry.sources, entry.base))
            else:
                rules = []
                for owner in self._logins:
                    rules += self._for_owner(number, owner)
                others = entry.sources & ~self._resolved.names.members
                rules += self._emit(number, others, entry.base)
            found = self._whole[number] = tuple(rules)
        return found

    def _for_owner(self, number: int, owner: str) -> tuple[SshFilterRule, ...]:
        """Give the rules that let in the sources of one member."""
        found = self._owned.get((number, owner))
        if found is None:
            entry = self._entries[number]
            sources = entry.sources & self._resolved.names.user(owner)
            rules = list(self._emit(number, sources, entry.base))
            local, _, domain = owner.rpartition("@")
            if entry.domains is not None and domain in entry.domains:
                rules += self._emit(number, sources, ((local, local),))
            found = self._owned[number, owner] = tuple(rules)
        return found

    def _emit(self, number: int, sources: int, users: tuple[tuple[str, str], ...]) -> Iterator[SshFilterRule]:
        entry = self._entries[number]
        principals = self._principals_of(sources, copies=entry.copies)
        if principals:
            yield entry.write(principals, users)

    def _principals_of(self, sources: int, *, copies: bool) -> tuple[Address, ...]:
        found = self._principals.get((sources, copies))
        if found is None:
            nodes, addresses = self._resolved.tailnet.nodes, self._resolved.names.addresses
            every = [
                address
                for node in indices_of(sources)
                for address in addresses[node] * (len(set(nodes[node].tags)) or 1 if copies else 1)
            ]
            found = self._principals[sources, copies] = tuple(sorted(every, key=str))
        return found


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
