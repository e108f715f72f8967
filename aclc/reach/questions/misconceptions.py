"""What people most often take for granted about policies and is not so, said where a question touches it
(docs/misconceptions.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.policy.model import Grant
from aclc.policy.selectors import ROLE_AUTOGROUPS
from aclc.reach.graph.space import View
from aclc.reach.population.principals import unnamed_login
from aclc.reach.questions.inquiry import Asked, Inquiry
from aclc.reach.questions.why import Answer
from aclc.records import NamedTuple
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.node_sets import indices_of


class Remark(NamedTuple):
    """One thing that is not as it seems. `key`: what it is about, the same in every version. `text`: one sentence or
    two."""

    key: str
    text: str


def remarks(view: View, asked: Asked, answer: Answer) -> Iterator[Remark]:
    """Give what the question touches, the weightiest first; nothing where all is as anybody would think."""
    inquiry = Inquiry(view, asked)
    yield from _no_rules(view, answer)
    yield from _no_deny(inquiry)
    yield from _additive(inquiry, answer)
    yield from _via(inquiry, answer)
    yield from _tagged(view, asked, answer)
    yield from _routes(answer)
    yield from _router_itself(inquiry, answer)
    yield from _star(inquiry, answer)
    yield from _shared(inquiry, answer)
    yield from _ssh(answer, asked)
    yield from _one_way(inquiry, answer)
    yield from _ping(asked, answer)
    yield from _roles(asked, answer)
    yield from _nobody_named(view, asked)


def line_of(grant: ResolvedGrant) -> int:
    """Give the line on which a rule begins."""
    span = grant.place.span
    return span.source.position(span.start).line


def _lines(view: View, grants: Iterable[int]) -> str:
    rules = [view.resolved.grants[grant] for grant in grants]
    if rules and rules[0].origin == "default":
        return "the default"
    lines = list(dict.fromkeys(str(line_of(rule)) for rule in rules))
    shown = lines if len(lines) <= 3 else [*lines[:3], f"{len(lines) - 3} more"]
    return f"line {shown[0]}" if len(shown) == 1 else f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def _roles(asked: Asked, answer: Answer) -> Iterator[Remark]:
    if answer.by_role:
        sides = [side for side in (asked.src, asked.dst) if side.node is None]
        people = [f"`{each.text}`" for each in sides if each.selector.kind in {"user", "group"}]
        roles = [f"`{each.text}`" for each in sides if each.selector.name in ROLE_AUTOGROUPS]
        unknown = [f"which role {' and '.join(people)} may have"] if people else []
        unknown += [f"whom {' and '.join(roles)} may mean"] if roles else []
        yield Remark(
            "role-is-not-in-the-policy",
            f"{' and '.join(unknown)} is not for the policy to say, and it matters to the rules: --tailnet tells it",
        )


def _nobody_named(view: View, asked: Asked) -> Iterator[Remark]:
    """Say that a login may be misspelt: without a tailnet, whoever is not named may be a member all the same."""
    if not asked.everywhere:
        return
    for side in (asked.src, asked.dst):
        told = unnamed_login(side, view.resolved.policy)
        if told is not None:
            yield Remark("login-is-not-named", told)


def _no_rules(view: View, answer: Answer) -> Iterator[Remark]:
    policy = view.resolved.policy
    if policy.allows_everything_by_default:
        yield Remark(
            "empty-is-not-absent",
            'a policy with neither `acls` nor `grants` allows everything within the tailnet; `"grants": []` would '
            "allow nothing",
        )
    elif answer.network == "no" and not view.resolved.grants:
        name = "grants" if policy.grants is not None else "acls"
        yield Remark(
            "empty-is-not-absent",
            f"an empty `{name}` allows nothing; only a policy with neither `acls` nor `grants` allows everything",
        )


def _no_deny(inquiry: Inquiry) -> Iterator[Remark]:
    view = inquiry.view
    for acl in view.resolved.policy.acls or ():
        touches = any(view.sources_of(each) & inquiry.sources for each in acl.src) and any(
            view.targets_of(each.selector) & inquiry.targets for each in acl.dst
        )
        if acl.action != "accept" and touches:
            line = acl.place.span.source.position(acl.place.span.start).line
            says = f"line {line} says `{acl.action}`" if acl.action else f"line {line} has no `action`"
            if acl.action == "check":
                why = "asking people again is for entries of `ssh`; an acl opens the port with `accept`"
            elif acl.action:
                why = "rules only allow, in whatever order they stand. To refuse something, leave out what allows it"
            else:
                why = 'write `"action": "accept"`, the only one there is'
            yield Remark("no-deny", f"{says}, which no control plane takes: {why}")
            return


def _additive(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    """Say that a narrower rule takes nothing away from the one that allows, and that several must all go."""
    view, asked = inquiry.view, inquiry.asked
    if answer.network not in {"yes", "partly"} or not answer.reasons:
        return
    allowing = {reason.grant for reason in answer.reasons}
    narrower: dict[int, None] = {}
    for door in inquiry.doors:
        meets = door.named & inquiry.sources and door.edge.targets & inquiry.targets and not door.edge.is_self
        if door.edge.grant in allowing or not meets:
            continue
        if not door.opens(asked.protocol, asked.port) or (door.postures and not door.edge.src & inquiry.sources):
            narrower[door.edge.grant] = None
    if narrower and answer.verdict in {"yes", "partly"}:
        lines = _lines(view, narrower)
        begins = "is" if len(narrower) == 1 else "are"
        yield Remark(
            "rules-add-up",
            f"{lines} {begins} narrower and take{'s' if len(narrower) == 1 else ''} nothing away from "
            f"{_lines(view, sorted(allowing))}: rules only add up, and their order means nothing",
        )
    elif len(allowing) > 1 and answer.verdict == "yes":
        yield Remark("rules-add-up", "rules only add up: to take this away, every rule above must go or be narrowed")


def _via(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    view = inquiry.view
    policy = view.resolved.policy
    if answer.verdict == "yes":
        return
    for at, grant in enumerate(view.resolved.grants):
        if grant.via is None:
            continue
        rule = policy.grants[grant.position] if policy.grants is not None else None
        doors = [each for each in inquiry.doors if each.edge.grant == at and each.named & inquiry.sources]
        wrong = [each.text for each in rule.via if each.kind != "tag"] if isinstance(rule, Grant) else []
        if wrong and (doors or not inquiry.sources):
            yield Remark(
                "via-names-tags",
                f"`via` in line {line_of(grant)} names `{wrong[0]}`, which is no tag: `via` takes tags of routers, "
                "never the names of machines, and opens nothing without one",
            )
            return
        if any(each.meant & inquiry.targets & view.targets.own for each in doors):
            yield Remark(
                "via-names-tags",
                f"line {line_of(grant)} has `via`, so it opens only what lies behind the routers with these tags, "
                "never a device by its tag or owner",
            )
            return


def _tagged(view: View, asked: Asked, answer: Answer) -> Iterator[Remark]:
    nodes = view.resolved.tailnet.nodes
    node = asked.src.node
    declared = view.resolved.policy.tag_owners
    for side in (asked.src, asked.dst) if answer.network in {"no", "partly"} else ():
        tags = nodes[side.node].tags if side.node is not None else ()
        if tags and not any(tag in declared for tag in tags):
            yield Remark(
                "tag-is-not-declared",
                f"the policy declares no {' or '.join(tags)}, which `{nodes[side.node or 0].name}` carries: no rule "
                "may name a tag that `tagOwners` lacks",
            )
    if answer.verdict == "yes":
        return
    if node is not None and nodes[node].tags:
        yield Remark(
            "tag-replaces-owner",
            f"`{nodes[node].name}` carries {' and '.join(nodes[node].tags)}: a tagged node has no owner, so rules for "
            "the person who set it up do not apply to it",
        )
    elif asked.src.selector.kind in {"user", "group"} and not answer.has_source and not asked.everywhere:
        yield Remark(
            "tag-replaces-owner",
            "only devices without a tag are somebody's: a device that was tagged has lost what its owner may do",
        )
    elif asked.dst.selector.kind in {"user", "group"} and not answer.has_target and not asked.everywhere:
        yield Remark("tag-replaces-owner", "a tagged device is nobody's: as a destination, name its tag")


def _routes(answer: Answer) -> Iterator[Remark]:
    approved = [route for route in answer.routes if route.approved and not route.is_exit]
    if answer.route == "no" and answer.network in {"yes", "partly"}:
        yield Remark(
            "access-is-no-route",
            "a rule makes no route: a router has to advertise it, and somebody, or `autoApprovers`, has to approve it",
        )
    elif answer.network == "no" and approved and answer.route is not None:
        yield Remark(
            "route-is-no-access",
            "an approved route opens nothing by itself: a rule has to name the addresses behind the router",
        )
    elif answer.network == "no" and answer.route == "no" and any(not route.approved for route in answer.routes):
        yield Remark(
            "route-is-no-access", "approving the route will not be enough: no rule opens the addresses behind it"
        )


def _router_itself(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    """Say that naming a router opens the router, not the network behind it."""
    view = inquiry.view
    routers = 0
    for route in answer.routes:
        routers |= 1 << route.node
    if not routers or answer.network not in {"no", "partly"} or inquiry.asked.everywhere:
        return
    itself = view.targets.of_nodes(routers)
    found: dict[int, None] = {}
    opened = 0
    for each in inquiry.open:
        here = each.edge.targets & itself if each.named & inquiry.sources else 0
        if here and not each.edge.targets & inquiry.targets and each.edge.dst.kind in {"tag", "user", "group"}:
            found[each.edge.grant] = None
            opened |= here
    if found:
        names = [view.resolved.tailnet.nodes[each].name for each in indices_of(view.targets.nodes_in(opened))][:3]
        yield Remark(
            "router-is-not-its-network",
            f"{_lines(view, found)} open{'s' if len(found) == 1 else ''} {' and '.join(names)} itself, not the "
            "network behind it: a tag or an owner never means what lies behind a device",
        )


def _star(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    view = inquiry.view
    used = {reason.grant for reason in answer.reasons} if answer.verdict in {"yes", "partly"} else set[int]()
    doors = [each for each in inquiry.open if each.edge.grant in used and each.edge.src & inquiry.sources]
    star = [
        each.edge.grant for each in doors if any(one.kind == "any" for one in view.resolved.grants[each.edge.grant].src)
    ]
    shared = view.sources.of_nodes(view.resolved.names.shared)
    if star and inquiry.sources & shared and not inquiry.sources & ~shared & view.sources.own:
        yield Remark(
            "star-means-shared-too",
            f"`*` as a source ({_lines(view, star)}) means devices shared in from other tailnets too; name "
            "`autogroup:member` and `autogroup:tagged` to leave them out",
        )
    outside = inquiry.sources and not inquiry.sources & view.sources.own
    refused = answer.network == "no" or answer.if_routed
    if outside and refused and any(one.kind == "any" for g in view.resolved.grants for one in g.src):
        yield Remark(
            "star-is-not-the-internet",
            "`*` as a source means the tailnet and the networks behind its approved subnet routes, not any address",
        )
    exits = [each.edge.grant for each in doors if each.edge.dst.kind == "any" and each.edge.targets & inquiry.targets]
    if exits and inquiry.behind and all(route.is_exit for route in answer.routes if route.lets_in):
        yield Remark(
            "star-and-exit-nodes",
            f"`*` as a destination ({_lines(view, exits)}) opens exit nodes too, as Tailscale's control plane was seen "
            "to do. Its documentation and Headscale ask for `autogroup:internet`: name it where you want it, and do "
            "not count on `*` to leave it out",
        )


def _shared(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    view = inquiry.view
    shared = view.targets.of_nodes(view.resolved.names.shared)
    if answer.verdict != "nobody" and inquiry.targets and not inquiry.targets & ~shared:
        yield Remark(
            "shared-devices-have-their-own-rules",
            "what a device lets in that is shared from another tailnet is for the policy of that tailnet to say, "
            "whatever is open here",
        )


def _ssh(answer: Answer, asked: Asked) -> Iterator[Remark]:
    session = answer.session
    if session is None or asked.protocol != 6 or asked.port != 22:
        return
    if session.verdict in {"yes", "partly"} and answer.network == "no":
        yield Remark(
            "ssh-needs-port-22",
            "an `ssh` rule alone is not enough: a rule of `grants` or `acls` has to open port 22 as well",
        )
    elif session.verdict == "no" and answer.network in {"yes", "partly"} and asked.login is not None:
        yield Remark(
            "port-22-is-not-ssh",
            "an open port 22 reaches an SSH server of the machine's own, if it runs one; a session of Tailscale SSH "
            "needs a rule in `ssh` as well",
        )


def _one_way(inquiry: Inquiry, answer: Answer) -> Iterator[Remark]:
    """Say that what is open the other way about does not open this way."""
    view = inquiry.view
    if answer.network != "no":
        return
    senders = view.sources.of_nodes(view.targets.nodes_in(inquiry.targets & view.targets.own))
    receivers = view.targets.of_nodes(view.sources.nodes_in(inquiry.sources & view.sources.own))
    back = dict.fromkeys(
        each.edge.grant
        for each in inquiry.doors
        if senders and receivers and each.edge.src & senders and each.edge.targets & receivers and not each.edge.is_self
    )
    if back and inquiry.asked.src.selector.kind != "any" and inquiry.asked.dst.selector.kind != "any":
        yield Remark(
            "rules-are-one-way",
            f"the other way about is open ({_lines(view, back)}): replies need no rule, but new connections from here "
            "do",
        )


def _ping(asked: Asked, answer: Answer) -> Iterator[Remark]:
    if asked.port is not None and asked.protocol in {1, 58} and answer.network == "yes":
        yield Remark(
            "ping-goes-along", "ping passes wherever any rule lets anything pass, whatever its protocol and ports"
        )
