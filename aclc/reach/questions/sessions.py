"""The SSH layer of a question: is a session accepted, by which entries of `ssh`, and what do the nearest ones lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from aclc.filters.ssh import IDENTITY_KINDS
from aclc.policy.model import SshRule
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.space import View
from aclc.reach.powers.ssh import ANY_OTHER, OWN_NAME, SshEdge, ssh_edges
from aclc.reach.questions.inquiry import Asked, Verdict
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.posture import effective_postures, nodes_allowed_by_posture

SshLack = Literal["source", "destination", "login", "posture"]

_WEIGHTS: dict[SshLack, int] = {"login": 1, "posture": 1, "source": 3, "destination": 3}
MOST = 2


class NearSsh(NamedTuple):
    """An entry of `ssh`, by index, and what it lacks."""

    rule: int
    lacks: tuple[SshLack, ...]


class Session(NamedTuple):
    """The SSH layer.

    `checked`: some are asked again; `always_checked`: all are. `rules`: entries of `ssh` that let the source in, by
    index. `logins`: the one asked about, else all that are let in. `nearest`: only for a login that is refused.
    """

    verdict: Verdict
    checked: bool
    always_checked: bool
    rules: tuple[int, ...]
    logins: tuple[str, ...]
    nearest: tuple[NearSsh, ...] = ()


def session(view: View, asked: Asked, sources: int, targets: int) -> Session:
    """Answer for the login that is asked about; where there is none, say which logins are let in."""
    source_nodes = view.sources.nodes_in(sources & view.sources.own)
    target_nodes = view.targets.nodes_in(targets & view.targets.own)
    named = () if asked.login is None else (asked.login,)
    if not source_nodes or not target_nodes:
        return Session("nobody", checked=False, always_checked=False, rules=(), logins=named)
    edges = [
        edge
        for edge in ssh_edges(view.resolved)
        if any(_who(view, edge, node, asked.login) & source_nodes for node in _apart(edge, target_nodes))
    ]
    complete = asked.login is not None
    checked = accepted = 0
    for node in indices_of(target_nodes):
        let_in = first = 0
        for edge in edges:
            who = _who(view, edge, node, asked.login) & source_nodes & ~(1 << node)
            let_in |= who
            first |= who if edge.mode == "check" else 0
        checked |= first
        accepted |= let_in & ~first  # WHY: entries with check come first (reference §6.3)
        complete &= not source_nodes & ~let_in & ~(1 << node)
    verdict: Verdict = "no" if not edges else "yes" if complete or asked.login is None else "partly"
    logins = named or tuple(sorted({login for edge in edges for login in _all_logins(edge)}))
    near = tuple(_nearest(view, asked.login, source_nodes, target_nodes)) if verdict in {"no", "partly"} else ()
    return Session(
        verdict, bool(checked), bool(checked) and not accepted, tuple(edge.rule for edge in edges), logins, near
    )


def _apart(edge: SshEdge, nodes: int) -> Iterable[int]:
    """Give the nodes to ask about: where one's own devices play no part, one stands for all that the entry names."""
    if edge.own:
        return indices_of(nodes)
    named = nodes & edge.targets
    return indices_of(named)[:1]


def _who(view: View, edge: SshEdge, node: int, login: str | None) -> int:
    """Give the sources that an entry lets in on a node as a login (None: as any)."""
    who = edge.sources if login is None else edge.lets_in(login) | _by_own_name(view, edge.own_name, login)
    if edge.targets >> node & 1:
        return who
    owner = view.resolved.names.owners[node]
    return who & view.resolved.names.user(owner) if edge.own >> node & 1 and owner is not None else 0


def _by_own_name(view: View, nodes: int, login: str) -> int:
    owners = view.resolved.names.owners
    return node_set([node for node in indices_of(nodes) if (owners[node] or "").partition("@")[0] == login])


def _all_logins(edge: SshEdge) -> set[str]:
    logins = {*edge.logins, *({OWN_NAME} if edge.own_name else ())}
    return logins - {ANY_OTHER} | {"any login but root"} if ANY_OTHER in logins else logins


def _nearest(view: View, login: str | None, sources: int, targets: int) -> Iterator[NearSsh]:
    """Give the entries that lack least, at most `MOST`."""
    found: list[tuple[int, int, NearSsh]] = []
    for index, rule in enumerate(view.resolved.policy.ssh or ()):
        lacks = tuple(_lacks(view, rule, login, sources, targets))
        weight = sum(_WEIGHTS[lack] for lack in lacks)
        if lacks and weight <= 4:
            found.append((weight, index, NearSsh(index, lacks)))
    found.sort()
    yield from (near for _, _, near in found[:MOST])


def _lacks(view: View, rule: SshRule, login: str | None, sources: int, targets: int) -> Iterator[SshLack]:
    policy, names = view.resolved.policy, view.resolved.names
    named = _nodes(view, rule.src) & sources
    if not named:
        yield "source"
    elif effective_postures(policy, rule.src_posture) and not named & nodes_allowed_by_posture(
        policy, rule.src_posture, view.resolved.tailnet.nodes
    ):
        yield "posture"
    reached = _nodes(view, rule.dst) & ~names.shared
    to_own = any(selector.name == "autogroup:self" for selector in rule.dst)
    if to_own or any(parse_selector(each).kind == "localpart" for each in rule.users or ()):
        reached |= targets & names.devices_of(names.owners_among(named))
    if not reached & targets:
        yield "destination"
    if login is not None and not _names_login(view, rule.users or (), login, named or sources):
        yield "login"


def _names_login(view: View, users: Sequence[str], login: str, sources: int) -> bool:
    if login in users or ("autogroup:nonroot" in users and login != "root"):
        return True
    domains = {each.name for each in map(parse_selector, users) if each.kind == "localpart"}
    owners = {view.resolved.names.owners[node] or "" for node in indices_of(sources)} if domains else set()
    return any(owner.partition("@")[0] == login and owner.rpartition("@")[2] in domains for owner in owners)


def _nodes(view: View, selectors: Iterable[Selector]) -> int:
    found = 0
    for selector in selectors:
        if selector.kind in IDENTITY_KINDS:
            found |= view.resolved.names.nodes(selector)
    return found
