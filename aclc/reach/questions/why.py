"""Why a connection is allowed or refused, layer by layer: network, route, posture, SSH."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from aclc.net import INTERNET as PUBLIC
from aclc.net import WILDCARD, IpSet, Prefix
from aclc.reach.graph.endpoints import Extent, extents_of
from aclc.reach.graph.service_sets import PING, Services, common, union
from aclc.reach.graph.space import View
from aclc.reach.graph.ways import DEFAULT_ROUTES, as_if_routed, offers, outside
from aclc.reach.questions.inquiry import Asked, Inquiry, Meeting, Verdict, serves_subnet, verdict_of
from aclc.reach.questions.nearest import Near, nearest
from aclc.reach.questions.opened import opened
from aclc.reach.questions.sessions import Session, session
from aclc.records import NamedTuple
from aclc.resolve.grants import INTERNET
from aclc.resolve.node_sets import indices_of, node_set

_RANKS: tuple[Verdict, ...] = ("nobody", "no", "partly", "yes")


class Reason(NamedTuple):
    """A rule that allows: by index into `Resolved.grants`."""

    grant: int


class Route(NamedTuple):
    """A node that leads to a target which is no node.

    `approved`: its route is. `is_exit`: only as an exit node leads anywhere. `lets_in`: its packet filter lets some of
    the sources through.
    """

    node: int
    approved: bool
    is_exit: bool = False
    lets_in: bool = False


class Share(NamedTuple):
    """Targets, and which of the sources get through to them and which do not; all of them endpoints of the view."""

    targets: int
    may: int
    may_not: int


class Answer(NamedTuple):
    """All layers.

    `verdict`: network, route and posture together, and SSH where a session was asked for. `network`: does some rule let
    it in, whatever the source shows and through whatever router. `reasons`: the rules that do, or would but for another
    layer. `nearest`: for what is refused. `route`, `posture`: None where the layer has no say: the targets are nodes,
    no rule that counts asks for a posture. `demands`: (rule, its postures) that stand in the way. `shares`: only where
    some may and some may not. `families`: the only address families that are open, where both sides have more.
    `routed`: of networks that are asked about, what approved routes hold, where they do not hold it all; None else.
    `by_role`: it is another one in tailnets where the people asked about have another role.
    `open_to_all`, `open_to_some`: where no port was asked about and something is open, the services on which all get
    through, and those on which any do; empty else.
    `if_routed`: it is let in only in tailnets where an approved route holds its address, and refused in others. Edits
    are worked out by `aclc.reach.questions.remedies`.
    """

    verdict: Verdict
    network: Verdict
    reasons: tuple[Reason, ...]
    nearest: tuple[Near, ...]
    route: Verdict | None
    routes: tuple[Route, ...]
    posture: Verdict | None
    demands: tuple[tuple[int, tuple[str, ...]], ...]
    shares: tuple[Share, ...]
    families: tuple[int, ...]
    session: Session | None
    has_source: bool
    has_target: bool
    routed: IpSet | None = None
    if_routed: bool = False
    by_role: bool = False
    open_to_all: Services = ()
    open_to_some: Services = ()


def in_some_tailnets(routed: Answer, unrouted: Answer) -> Answer:
    """Give one answer about a source that an approved route holds in some tailnets and in others does not: `*` means it
    only there."""
    if routed.network == unrouted.network:
        return routed._replace(open_to_all=_in_both(routed.open_to_all, unrouted.open_to_all))
    verdict: Verdict = routed.verdict if routed.verdict == unrouted.verdict else "partly"
    return routed._replace(
        verdict=verdict,
        network="partly",
        nearest=unrouted.nearest,
        shares=unrouted.shares,
        if_routed=True,
        open_to_all=(),
    )


def whatever_the_roles(answers: Sequence[Answer]) -> tuple[int, Answer]:
    """Give one answer about people out of those for each way to give them roles, and which one it is made of."""
    verdicts = {(each.verdict, each.network, each.session and each.session.verdict) for each in answers}
    every = reduce(_in_both, (each.open_to_all for each in answers))
    opened = [service for each in answers for service in each.open_to_some]
    some = union(opened) if opened else ()
    if len(verdicts) == 1:
        return 0, answers[0]._replace(open_to_all=every, open_to_some=some)
    ranks = [(_RANKS.index(each.network), _RANKS.index(each.verdict)) for each in answers]
    number = ranks.index(max(ranks))
    best, least = answers[number], answers[ranks.index(min(ranks))]
    return number, best._replace(
        verdict=best.verdict if best.verdict == least.verdict else "partly",
        network=best.network if best.network == least.network else "partly",
        nearest=least.nearest,
        shares=(),
        by_role=True,
        open_to_all=every,
        open_to_some=some,
    )


def _in_both(one: Services, other: Services) -> Services:
    """Give the services that are in both sets; empty where none is. Ping is in each that is not empty."""
    return common(one, other) if one and other and (PING in {one, other} or common(one, other) != PING) else ()


def why(view: View, asked: Asked, *, with_nearest: bool = True) -> Answer:
    """Answer a question on one view. `with_nearest`: whether anybody wants to know `Answer.nearest`.

    Cost: O(rules × destinations), and what knowing the peers of the sources takes where the targets lie behind routers.
    """
    inquiry = Inquiry(view, asked)
    final = inquiry.meetings(posture=True, routed=bool(inquiry.behind))
    unrouted = _unrouted(inquiry) if verdict_of(final) in {"no", "nobody"} else ()
    supposed = Inquiry(as_if_routed(view, unrouted, _extents(unrouted)), asked) if unrouted else inquiry
    network = supposed.meetings(posture=False, routed=False)
    postured = supposed.meetings(posture=True, routed=False)
    verdict = verdict_of(final)
    verdicts = verdict_of(network), verdict_of(postured)
    if unrouted and verdicts[0] != "nobody":
        verdict = "no"
    route: Verdict | None = None
    if unrouted:
        route = "no"
    elif inquiry.behind:
        route = _kept(postured, final) if verdicts[1] in {"yes", "partly"} else "yes"
    routed = _routed(inquiry) if verdict in {"yes", "partly"} else None
    login = asked.login is not None or (asked.port == 22 and asked.protocol == 6)
    ssh = session(view, asked, inquiry.sources, inquiry.targets) if login else None
    used = [each for meeting in (final if verdict in {"yes", "partly"} else network) for each in meeting.doors]
    refused = verdict in {"no", "partly"}
    overall = verdict if routed is None else "partly"
    told = asked.port is None and with_nearest and verdict in {"yes", "partly"}
    every, some = opened(inquiry, final) if told else ((), ())
    if ssh is not None and asked.login is not None:
        overall = _worst(overall, ssh.verdict)
    return Answer(
        verdict=overall,
        network=verdicts[0],
        reasons=tuple(
            Reason(grant) for grant in dict.fromkeys(sorted(supposed.open[each].edge.grant for each in used))
        ),
        nearest=tuple(nearest(supposed, network)) if with_nearest and refused and verdicts[0] != "yes" else (),
        route=route,
        routes=tuple(_routes(inquiry, unrouted)) if inquiry.behind or unrouted else (),
        posture=_posture(supposed, network, postured),
        demands=tuple(_demands(supposed, network, postured)) if refused else (),
        shares=_shares(final) if verdict == "partly" else (),
        families=_families(inquiry, final) if verdict in {"yes", "partly"} else (),
        session=ssh,
        has_source=inquiry.has_source,
        has_target=inquiry.has_target,
        routed=routed,
        open_to_all=every,
        open_to_some=some,
    )


def _worst(one: Verdict, other: Verdict) -> Verdict:
    return min(one, other, key=_RANKS.index)


def _unrouted(inquiry: Inquiry) -> tuple[Prefix, ...]:
    """Give the prefixes that are asked about and that no approved route leads to; empty where some does, or where they
    are the tailnet's own.

    An exit node leads to public addresses only: no rule for an address opens what it could reach besides.
    """
    view, asked = inquiry.view, inquiry.asked
    if asked.everywhere or asked.dst.node is not None:
        return ()
    if asked.dst.selector.name == INTERNET:
        return () if inquiry.has_target else DEFAULT_ROUTES
    literal = asked.dst.selector.kind in {"prefix", "host", "ipset"}
    if not literal or (inquiry.has_target and any(_leads(inquiry, at) for at in indices_of(inquiry.targets))):
        return ()
    prefixes = [Prefix(*_bits(extent)) for extent in extents_of(view.resolved.names, asked.dst.selector)]
    return outside(prefixes)


def _routed(inquiry: Inquiry) -> IpSet | None:
    """Give what approved routes hold of the networks that are asked about; None where they hold all of it, or where no
    network or all the world is asked about."""
    view, selector = inquiry.view, inquiry.asked.dst.selector
    literal = inquiry.asked.dst.node is None and selector.kind in {"prefix", "host", "ipset"}
    if (
        not literal
        or inquiry.asked.everywhere
        or any(each.is_default_route for each in view.resolved.names.prefixes(selector))
    ):
        return None
    outside_tailnet = IpSet.from_intervals(extents_of(view.resolved.names, selector)) - WILDCARD
    held = [view.targets.items[at] for at in indices_of(inquiry.behind)]
    led = IpSet.from_intervals((each.family, each.first, each.last) for each in held if each.kind == "route")
    if any(each.kind == "internet" for each in held):
        led = led | PUBLIC
    # WHY: where a rule opens what lies beyond an exit node, whatever is asked about may be there.
    beyond = node_set([at for at in indices_of(inquiry.behind) if view.targets.items[at].kind == "elsewhere"])
    if any(each.edge.targets & beyond and each.edge.src & inquiry.sources for each in inquiry.open):
        return None
    return led & outside_tailnet if outside_tailnet - led else None


def _bits(extent: Extent) -> tuple[int, int, int]:
    family, first, last = extent
    return family, first, (32 if family == 4 else 128) - (last - first).bit_length()


def _leads(inquiry: Inquiry, target: int) -> bool:
    """Tell whether a target is reached by more than the default route of an exit node to private addresses."""
    item = inquiry.view.targets.items[target]
    return item.kind != "elsewhere" or serves_subnet(inquiry.view, target)


def _extents(prefixes: Iterable[Prefix]) -> list[Extent]:
    return [(each.family, each.first, each.last) for each in prefixes]


def _kept(before: Sequence[Meeting], after: Sequence[Meeting]) -> Verdict:
    """Give how much of what one layer lets through the next one lets through too."""
    lost = any(one.reached & ~other.reached for one, other in zip(before, after, strict=True))
    if not lost:
        return "yes"
    return "partly" if any(each.reached for each in after) else "no"


def _posture(inquiry: Inquiry, network: Sequence[Meeting], postured: Sequence[Meeting]) -> Verdict | None:
    kept = _kept(network, postured)
    asks = any(inquiry.open[each].postures for meeting in network for each in meeting.doors)
    return kept if kept != "yes" or asks else None


def _demands(
    inquiry: Inquiry, network: Sequence[Meeting], postured: Sequence[Meeting]
) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Give the rules that only a posture keeps from letting in somebody whom no other rule lets in."""
    found: dict[tuple[int, tuple[str, ...]], None] = {}
    for before, after in zip(network, postured, strict=True):
        kept_out = before.reached & ~after.reached
        for number in before.doors if kept_out else ():
            door = inquiry.open[number]
            if door.postures and door.named & ~door.edge.src & kept_out:
                found[door.edge.grant, door.postures] = None
    return found


def _shares(meetings: Iterable[Meeting]) -> tuple[Share, ...]:
    rows: dict[tuple[int, int], int] = {}
    for meeting in meetings:
        if meeting.wanted:
            key = meeting.reached, meeting.wanted & ~meeting.reached
            rows[key] = rows.get(key, 0) | meeting.targets
    return tuple(Share(targets, *key) for key, targets in rows.items())


def _families(inquiry: Inquiry, meetings: Iterable[Meeting]) -> tuple[int, ...]:
    """Give the address families that anything gets through by, where both sides have another one besides."""
    view = inquiry.view
    open_, asked = set[int](), set[int]()
    for meeting in meetings:
        for number, (mine, theirs) in enumerate(zip(view.sources.families, view.targets.families, strict=True)):
            family = (4, 6)[number]
            if meeting.wanted & mine and meeting.targets & theirs:
                asked.add(family)
            for each in meeting.doors:
                edge = inquiry.open[each].edge
                if edge.src & meeting.wanted & mine and edge.targets & meeting.targets & theirs:
                    open_.add(family)
    return tuple(sorted(open_)) if open_ < asked else ()


def _routes(inquiry: Inquiry, unrouted: tuple[Prefix, ...]) -> list[Route]:
    """Give the nodes that lead to targets which are no nodes: approved first, then those that only offer to."""
    view = inquiry.view
    found: dict[int, Route] = {}
    for target in indices_of(inquiry.behind):
        node = view.targets.items[target].node
        if node is None:
            continue
        is_exit = not serves_subnet(inquiry.view, target)
        lets_in = any(each.edge.targets >> target & 1 and each.edge.src & inquiry.sources for each in inquiry.open)
        before = found.get(node, Route(node, approved=True, is_exit=True))
        found[node] = Route(node, approved=True, is_exit=before.is_exit and is_exit, lets_in=before.lets_in or lets_in)
    prefixes = unrouted or tuple(
        Prefix(*_bits(extent)) for extent in extents_of(view.resolved.names, inquiry.asked.dst.selector)
    )
    for index, routes in ({} if inquiry.asked.everywhere else offers(view, prefixes)).items():
        if index not in found:
            found[index] = Route(index, approved=False, is_exit=all(route.is_default_route for route in routes))
    return sorted(found.values(), key=lambda each: (not each.approved, each.is_exit, each.node))
