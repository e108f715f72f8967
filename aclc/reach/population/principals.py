"""Who or what a question is about: a selector, or a node by its name, as sets of endpoints."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from aclc.diagnostics import did_you_mean, shown, shown_first
from aclc.net import Address, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.endpoints import extents_of
from aclc.reach.graph.space import View
from aclc.reach.population.definitions import definitions
from aclc.reach.population.vocabulary import SIDES, rule_selectors
from aclc.records import NamedTuple
from aclc.resolve.node_sets import node_set
from aclc.tailnet.model import Tailnet

_NETWORK = re.compile(r"[0-9a-fA-F:.]+/[0-9]+")


class Principal(NamedTuple):
    """One side of a question. `node`: set where it is one node of the tailnet, by name. `selector`: what the text
    means otherwise."""

    text: str
    selector: Selector
    node: int | None = None

    def sources(self, view: View) -> int:
        """Give its endpoints as a source. A literal means everything inside it, nodes included."""
        if self.node is not None:
            return view.sources.of_nodes(1 << self.node)
        address = self.address(view)
        if address is not None:
            return node_set(view.sources.holding(address))
        return view.sources_of(self.selector)

    def targets(self, view: View) -> int:
        """Give its endpoints as a destination; of a single address behind routers, those that serve it."""
        if self.node is not None:
            return view.targets.of_nodes(1 << self.node) & view.live
        address = self.address(view)
        if address is not None:
            return node_set(view.targets.holding(address)) & view.live
        if self.selector.kind in {"prefix", "host", "ipset"}:
            return (
                view.targets.within_set(IpSet.from_intervals(extents_of(view.resolved.names, self.selector)))
                & view.live
            )
        return view.targets_of(self.selector)

    def address(self, view: View) -> Address | None:
        """Give the one address that it names, None for everything else."""
        prefixes = view.resolved.names.prefixes(self.selector) if self.node is None else ()
        if len(prefixes) == 1 and prefixes[0].is_single:
            return Address(prefixes[0].family, prefixes[0].first)
        return None


class UnknownPrincipalError(Exception):
    """Nothing of that name; the text says what was meant perhaps."""


def principal(text: str, policy: Policy, tailnet: Tailnet | None) -> Principal:
    """Give what a text means: a node's name first, then whatever the policy's own words mean.

    Raises UnknownPrincipalError where neither knows it: an autogroup that there is none of, an undefined group, host or
    ipset, a tag that is neither declared nor on a node, with a tailnet a login that nobody names. Without one anybody
    may be a member.
    """
    selector = parse_selector(text)
    if tailnet is not None:
        for index, node in enumerate(tailnet.nodes):
            if text in {node.name, node.name.partition(".")[0]}:
                return Principal(text, selector, index)
    defined = definitions(policy)
    table: Container[str] | None = defined.get(selector.kind)
    if selector.kind in {"posture", "range", "invalid"}:
        table = ()
    elif selector.kind == "autogroup":
        table = policy.dialect.autogroups + tuple(policy.dialect.autogroups_elsewhere)
    elif selector.kind == "user" and tailnet is not None:
        table = known_logins(policy, tailnet)
    elif selector.kind == "tag" and tailnet is not None:
        table = {*policy.tag_owners, *(tag for node in tailnet.nodes for tag in node.tags)}
    if table is None or selector.name in table:
        return Principal(text, selector)
    if not text:
        raise UnknownPrincipalError("nothing is written there: name a user, group, tag, host, address or node")
    if _NETWORK.fullmatch(text):
        raise UnknownPrincipalError(f"{shown(text)} is no network: the length of a prefix is at most 32, for IPv6 128")
    known = [name for names in defined.values() for name in names]
    known += [node.name for node in tailnet.nodes] if tailnet is not None else []
    known += [*known_logins(policy, tailnet), *policy.dialect.autogroups]
    near = near_login(text, known) if selector.kind == "user" else did_you_mean(text, known) or _akin(text, known)
    hint = f"did you mean `{near}`?" if near else _what_there_is(selector, list(defined.get(selector.kind, ())))
    end = f"; {hint}" if hint else ""
    if selector.kind == "host" and tailnet is None:
        raise UnknownPrincipalError(
            f"{shown(text)} is no host of the policy, and without --tailnet there are no nodes{end}"
        )
    who = "the policy does not know" if tailnet is None else "neither the policy nor the tailnet knows"
    raise UnknownPrincipalError(f"{who} {shown(text)}{end}")


def _what_there_is(selector: Selector, names: list[str]) -> str:
    """Say what could be asked about in place of a name that nothing is like; empty where that goes without saying."""
    if selector.kind == "posture":
        return "a posture is nobody: --posture says what the source shows"
    if selector.kind not in {"group", "tag", "host", "ipset", "service"}:
        return ""
    if not names:
        return f"the policy defines no {selector.kind}s" if selector.kind != "host" else ""
    return f"there {'is' if len(names) == 1 else 'are'} {shown_first(names)}"


def known_logins(policy: Policy, tailnet: Tailnet | None) -> dict[str, None]:
    """Give the logins that a policy names anywhere but in tests, and those of the tailnet, each once."""
    found = {member.name: None for group in policy.groups.values() for member in group.members}
    selectors = [each for side in SIDES for each in rule_selectors(policy, side)]
    selectors += [owner for tag in policy.tag_owners.values() for owner in tag.owners]
    selectors += [target for entry in policy.node_attrs for target in entry.target]
    found.update((each.name, None) for each in selectors if each.kind == "user")
    if tailnet is not None:
        found.update((user.login, None) for user in tailnet.users)
        found.update((node.user, None) for node in tailnet.nodes if node.user is not None)
    return found


def unnamed_login(side: Principal, policy: Policy) -> str | None:
    """Say that a login may be misspelt which the policy does not name; None where it names it, or it is something else.

    Without a tailnet: whoever is not named may be a member all the same.
    """
    known = known_logins(policy, None)
    if side.node is not None or side.selector.kind != "user" or side.selector.name in known:
        return None
    near = near_login(side.selector.name, known)
    hint = f" Did you mean `{near}`?" if near else ""
    return (
        f"the policy names nobody {shown(side.text)}: the answer is for a member of the tailnet of whom no rule "
        f"speaks.{hint}"
    )


def near_login(login: str, known: Iterable[str]) -> str | None:
    """Give the known login that is meant perhaps: nearly the same name in the same domain, or the other way about."""
    name, _, domain = login.partition("@")
    here, alike = dict[str, str](), dict[str, str]()
    for each in known:
        other, at, its_domain = each.partition("@")
        if at and its_domain == domain:
            here[other] = each
        elif at and other == name:
            alike[its_domain] = each
    near, near_domain = did_you_mean(name, here), did_you_mean(domain, alike)
    return here[near] if near else alike[near_domain] if near_domain else None


def _akin(text: str, known: Iterable[str]) -> str | None:
    """Give the known name of which a text is the part behind the colon or before the `@`, or a longer form."""
    folded = text.casefold()
    for each in known:
        name = each.casefold()
        if folded in {name.partition(":")[2], name.partition("@")[0]} or folded.startswith(f"{name}."):
            return each
    return None
