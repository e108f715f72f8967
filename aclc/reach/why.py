"""Why a connection is allowed or refused, layer by layer, and what is missing where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from aclc.net import TCP, PortRange
from aclc.policy.model import Acl, Grant
from aclc.policy.selectors import Selector
from aclc.reach.principals import Principal
from aclc.reach.space import PORT_PROTOCOLS, Edge, View
from aclc.reach.ssh import ANY_OTHER, OWN_NAME, SshEdge, ssh_edges
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.node_sets import indices_of
from aclc.resolve.posture import effective_postures

Verdict = Literal["yes", "partly", "no", "nobody"]
"""`partly`: for some of the sources or targets. `nobody`: there is no such source or target to ask about."""

Lack = Literal["source", "destination", "protocol", "port", "posture", "via"]


class Asked(NamedTuple):
    """The question. `port` None: any port of any protocol; then `protocol` is not looked at.

    `everywhere`: it is about every tailnet, so that nodes have no names worth telling.
    """

    src: Principal
    dst: Principal
    protocol: int = TCP
    port: int | None = None
    login: str | None = None
    everywhere: bool = False


class Reason(NamedTuple):
    """A rule that allows: by index into `Resolved.grants`."""

    grant: int


class Near(NamedTuple):
    """A rule that would have to be widened, and by what."""

    grant: int
    lacks: tuple[Lack, ...]


class Route(NamedTuple):
    """A node that leads to a target which is no node. `approved`: its route is. `is_exit`: only as an exit node leads
    anywhere."""

    node: int
    approved: bool
    is_exit: bool = False


class Session(NamedTuple):
    """The SSH layer. `rules`: entries of `ssh` that let the source in, by index; `checked`: the source is asked
    again."""

    verdict: Verdict
    checked: bool
    rules: tuple[int, ...]
    logins: tuple[str, ...]


class Answer(NamedTuple):
    """All layers. `routes`: only for targets that are no nodes; empty means that nothing leads there."""

    network: Verdict
    reasons: tuple[Reason, ...]
    nearest: tuple[Near, ...]
    routes: tuple[Route, ...]
    behind_routers: bool
    posture_refuses: tuple[tuple[int, tuple[str, ...]], ...]
    session: Session | None
    edit: str | None


def why(view: View, asked: Asked) -> Answer:
    """Answer a question on one view. Cost: O(edges + rules)."""
    sources, targets = asked.src.sources(view), asked.dst.targets(view)
    sources, targets = _one_family(view, sources, targets)
    verdict, used = _network(view, sources, targets, asked)
    postures = tuple(_refused_by_posture(view, asked, sources, targets)) if verdict != "yes" else ()
    nearest = tuple(_nearest(view, asked, sources, targets)) if verdict in {"no", "partly"} else ()
    behind = bool(targets & ~view.targets.own) or not targets
    return Answer(
        network=verdict,
        reasons=tuple(Reason(grant) for grant in dict.fromkeys(edge.grant for edge in used)),
        nearest=nearest,
        routes=tuple(_routes(view, asked.dst, targets)) if behind else (),
        behind_routers=bool(targets & ~view.targets.own),
        posture_refuses=postures,
        session=_session(view, asked, sources, targets) if asked.login is not None or asked.port == 22 else None,
        edit=_edit(view, asked, targets, nearest, postures) if verdict in {"no", "partly"} else None,
    )


def _one_family(view: View, sources: int, targets: int) -> tuple[int, int]:
    """Leave out endpoints whose family the other side lacks."""
    kept_sources = kept_targets = 0
    for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
        if sources & mine and targets & theirs:
            kept_sources |= sources & mine
            kept_targets |= targets & theirs
    return kept_sources, kept_targets


def _opens(edge: Edge, asked: Asked) -> bool:
    return asked.port is None or edge.opens(asked.protocol, asked.port)


def _network(view: View, sources: int, targets: int, asked: Asked) -> tuple[Verdict, list[Edge]]:
    if not sources or not targets:
        return "nobody", []
    used = [edge for edge in view.edges if edge.src & sources and edge.targets & targets and _opens(edge, asked)]
    complete, some = True, False
    really: dict[int, Edge] = {}
    # Targets that the same edges reach need one look.
    classes: dict[tuple[int, ...], int] = {}
    for target in indices_of(targets):
        key = tuple(number for number, edge in enumerate(used) if edge.targets >> target & 1)
        if any(used[number].is_self for number in key):
            key = (*key, -1 - (view.targets.items[target].node or 0))
        classes.setdefault(key, target)
    for key, target in classes.items():
        family = view.sources.families[0 if view.targets.items[target].family == 4 else 1]
        wanted = sources & family
        node = view.targets.items[target].node
        if node is not None and view.targets.own >> target & 1:
            wanted &= ~view.sources.of_nodes(1 << node)  # nobody asks whether a node reaches itself
        reached = 0
        for number in key:
            if number < 0:
                continue
            edge = used[number]
            src = edge.src & wanted
            if edge.is_self:
                src &= view.same_owner(view.sources, node) if node is not None else 0
            if src:
                really[number] = edge
            reached |= src
        some |= bool(reached)
        complete &= not wanted & ~reached
    if not some:
        return "no", []
    return ("yes" if complete else "partly"), [really[number] for number in sorted(really)]


def _routes(view: View, dst: Principal, targets: int) -> list[Route]:
    """Give the nodes that lead to targets which are no nodes: approved first, then those that only offer to."""
    found: dict[int, Route] = {}
    for target in indices_of(targets & ~view.targets.own):
        endpoint = view.targets.items[target]
        if endpoint.node is not None:
            found[endpoint.node] = Route(
                endpoint.node, approved=True, is_exit=endpoint.kind in {"internet", "elsewhere"}
            )
    prefixes = view.resolved.names.prefixes(dst.selector)
    for index, machine in enumerate(view.resolved.tailnet.nodes):
        offers = [route for route in machine.advertised_routes if route not in view.resolved.approved[index]]
        covering = [route for route in offers for prefix in prefixes if route.covers(prefix)]
        if covering and index not in found:
            found[index] = Route(index, approved=False, is_exit=all(route.is_default_route for route in covering))
    return sorted(found.values(), key=lambda each: (not each.approved, each.is_exit, each.node))


def _matching_source(view: View, grant: ResolvedGrant, sources: int, *, with_posture: bool) -> bool:
    postures = effective_postures(view.resolved.policy, grant.src_posture) if with_posture else ()
    found = 0
    for selector in grant.src:
        found |= view.sources_of(selector, postures)
    return bool(found & sources)


def _refused_by_posture(view: View, asked: Asked, sources: int, targets: int) -> list[tuple[int, tuple[str, ...]]]:
    """Give rules that only a posture keeps from allowing."""
    found = []
    for index, grant in enumerate(view.resolved.grants):
        postures = effective_postures(view.resolved.policy, grant.src_posture)
        if (
            postures
            and _matching_source(view, grant, sources, with_posture=False)
            and not _matching_source(view, grant, sources, with_posture=True)
            and not _lacks_beyond_source(view, grant, asked, targets)
        ):
            found.append((index, postures))
    return found


def _lacks_beyond_source(view: View, grant: ResolvedGrant, asked: Asked, targets: int) -> list[Lack]:
    lacks: list[Lack] = []
    reached = steered = False
    protocol = port = False
    for part in grant.parts:
        for network in part.networks:
            for target in network.targets:
                found = view.targets_of(target.selector, grant.via)
                if part.is_self:
                    found = view.targets.of_nodes(view.resolved.names.members)
                elif not found & targets and grant.via is not None:
                    steered |= bool(view.targets_of(target.selector) & targets)
                hit = bool(found & targets)
                reached |= hit
                edge = _edge(target.selector, network.protocol, target.ports)
                if hit or (grant.via is not None and steered):
                    protocol |= asked.port is None or any(
                        _opens(edge._replace(ports=(PortRange(0, 65535),)), asked) for _ in (0,)
                    )
                    port |= _opens(edge, asked)
    if not reached:
        lacks.append("via" if steered else "destination")
        if not steered:
            protocol, port = _speaks(grant, asked)
    if not protocol:
        lacks.append("protocol")
    elif not port:
        lacks.append("port")
    return lacks


def _edge(selector: Selector, protocol: int | None, ports: tuple[PortRange, ...]) -> Edge:
    """Give an edge to ask `opens` of; it leads nowhere."""
    return Edge(0, 0, selector, 0, protocol, ports, is_self=False, items=())


def _speaks(grant: ResolvedGrant, asked: Asked) -> tuple[bool, bool]:
    """Tell whether a rule speaks of the protocol at all, and of the port, on whatever destination."""
    protocol = port = False
    for part in grant.parts:
        for network in part.networks:
            for target in network.targets:
                edge = _edge(target.selector, network.protocol, target.ports)
                port |= _opens(edge, asked)
                protocol |= _opens(edge._replace(ports=(PortRange(0, 65535),)), asked)
    return protocol, port


def _nearest(view: View, asked: Asked, sources: int, targets: int) -> list[Near]:
    """Give the three rules that lack least, those that lack a port before those that lack a source."""
    weights: dict[Lack, int] = {"port": 1, "posture": 1, "protocol": 2, "source": 3, "via": 2, "destination": 3}
    found: list[tuple[int, int, Near]] = []
    for index, grant in enumerate(view.resolved.grants):
        if not any(part.networks and not part.is_self for part in grant.parts):
            continue
        lacks = _lacks_beyond_source(view, grant, asked, targets)
        if not _matching_source(view, grant, sources, with_posture=False):
            lacks.append("source")
        elif not _matching_source(view, grant, sources, with_posture=True):
            lacks.append("posture")
        weight = sum(weights[lack] for lack in lacks)
        if lacks and weight <= 4:
            found.append((weight, index, Near(index, tuple(lacks))))
    return [near for _, _, near in sorted(found)[:3]]


def _session(view: View, asked: Asked, sources: int, targets: int) -> Session:
    """Answer the SSH layer for a login; without one, say which logins are let in."""
    source_nodes = view.sources.nodes_in(sources & view.sources.own)
    target_nodes = view.targets.nodes_in(targets & view.targets.own)
    edges = [edge for edge in ssh_edges(view.resolved) if _lets_in(view, edge, source_nodes, target_nodes)]
    if asked.login is None:
        logins = sorted({login for edge in edges for login in _all_logins(edge)})
        verdict: Verdict = "yes" if edges else "no"
        return Session(
            verdict, bool(edges) and edges[0].mode == "check", tuple(edge.rule for edge in edges), tuple(logins)
        )
    matching = [edge for edge in edges if edge.lets_in(asked.login) & source_nodes]
    own = [edge for edge in edges if edge.own_name & source_nodes and _is_own_name(view, source_nodes, asked.login)]
    used: Sequence[SshEdge] = [*matching, *(edge for edge in own if edge not in matching)]
    checked = any(edge.mode == "check" for edge in used)
    complete = _all_let_in(view, used, source_nodes, target_nodes, asked.login)
    state: Verdict = (
        "nobody" if not source_nodes or not target_nodes else "no" if not used else "yes" if complete else "partly"
    )
    return Session(state, checked, tuple(edge.rule for edge in used), (asked.login,))


def _lets_in(view: View, edge: SshEdge, source_nodes: int, target_nodes: int) -> bool:
    if not edge.sources & source_nodes:
        return False
    if edge.targets & target_nodes:
        return True
    names = view.resolved.names
    return edge.to_self and any(
        names.owners[node] is not None and names.user(names.owners[node] or "") & source_nodes & edge.sources
        for node in indices_of(target_nodes)
    )


def _all_let_in(view: View, edges: Sequence[SshEdge], source_nodes: int, target_nodes: int, login: str) -> bool:
    names = view.resolved.names
    for node in indices_of(target_nodes):
        let_in = 0
        for edge in edges:
            who = edge.lets_in(login) | (
                edge.own_name if _is_own_name(view, edge.own_name & source_nodes, login) else 0
            )
            if edge.targets >> node & 1:
                let_in |= who
            elif edge.to_self and names.owners[node] is not None:
                let_in |= who & names.user(names.owners[node] or "")
        if source_nodes & ~let_in & ~(1 << node):
            return False
    return True


def _is_own_name(view: View, nodes: int, login: str) -> bool:
    owners = {view.resolved.names.owners[node] for node in indices_of(nodes)}
    return bool(owners) and all(owner is not None and owner.partition("@")[0] == login for owner in owners)


def _all_logins(edge: SshEdge) -> set[str]:
    return {*edge.logins, *({OWN_NAME} if edge.own_name else ())} - ({ANY_OTHER} if not edge.logins else set())


def _edit(
    view: View,
    asked: Asked,
    targets: int,
    nearest: tuple[Near, ...],
    postures: tuple[tuple[int, tuple[str, ...]], ...],
) -> str | None:
    """Give the smallest change that would allow it, in words; None where a posture alone stands in the way."""
    if postures and not nearest:
        return None
    name = {6: "tcp", 17: "udp", 132: "sctp"}.get(asked.protocol, str(asked.protocol))
    service = "*" if asked.port is None else f"{name}:{asked.port}" if asked.protocol in PORT_PROTOCOLS else f"{name}:*"
    for near in nearest:
        grant = view.resolved.grants[near.grant]
        if near.lacks in {("port",), ("protocol",)}:
            rule = _rule(view, grant)
            if isinstance(rule, Grant):
                return f'add "{service}" to `ip` of the rule in line {_line(grant)}'
            if near.lacks == ("port",) and asked.port is not None:
                return f"add port {asked.port} to `dst` of the rule in line {_line(grant)}"
    dst = _selector_text(view, asked.dst)
    if targets and all(view.targets.items[at].kind == "internet" for at in indices_of(targets)):
        dst = "autogroup:internet"
    return f'add a grant: {{"src": ["{_selector_text(view, asked.src)}"], "dst": ["{dst}"], "ip": ["{service}"]}}'


def _selector_text(view: View, side: Principal) -> str:
    """Give what a rule would have to say: for a node its tag or its owner, since rules know no node names."""
    if side.node is None:
        return side.selector.text
    node = view.resolved.tailnet.nodes[side.node]
    return node.tags[0] if node.tags else node.user or str(node.addresses[0])


def _rule(view: View, grant: ResolvedGrant) -> Acl | Grant | None:
    policy = view.resolved.policy
    if grant.origin == "grant" and policy.grants is not None:
        return policy.grants[grant.position]
    return policy.acls[grant.position] if grant.origin == "acl" and policy.acls is not None else None


def _line(grant: ResolvedGrant) -> int:
    span = grant.place.span
    return span.source.position(span.start).line
