"""Why a connection is allowed or refused, in plain words: one verdict, then each layer with the lines it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from aclc.net import WILDCARD
from aclc.reach.graph.doors import doors
from aclc.reach.graph.service_sets import Services, services_of, union, without
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.inquiry import Asked, Verdict
from aclc.reach.questions.misconceptions import Remark
from aclc.reach.questions.nearest import Lack, Near
from aclc.reach.questions.remedies import Remedy, unmet
from aclc.reach.questions.sessions import Session, SshLack
from aclc.reach.questions.why import Answer, Route
from aclc.reach.words.plain_names import AT_ADDRESS
from aclc.reach.words.setting import Setting
from aclc.records import NamedTuple
from aclc.reports.rule_lines import WIDEST_RULE, needed_items, rule_text, written
from aclc.reports.rule_places import place
from aclc.reports.safe_text import printable
from aclc.reports.services import PROTOCOL_NAMES, services_text
from aclc.reports.style import BOLD, GREEN, RED, YELLOW, Style
from aclc.resolve.grants import INTERNET

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "yes": ("allowed", GREEN),
    "partly": ("allowed for some", YELLOW),
    "no": ("refused", RED),
    "nobody": ("there is nobody to ask about", YELLOW),
}
_SSH_LACKS: dict[SshLack, str] = {
    "source": "does not name the source",
    "destination": "does not name the destination",
    "login": "does not name the login",
    "posture": "asks for a posture that the source does not show",
}
INDENT = " " * 13
MOST_RULES = 5
MOST_PARTS = 4
MOST_SHARES = 40
MOST_KNOWN = 150
MOST_NAMES = 6
MOST_SERVICES = 12
WIDTH = 110


class Explained(NamedTuple):
    """A question, its answer, and what goes with it: all that a report of it is made of."""

    setting: Setting
    view: View
    asked: Asked
    answer: Answer
    remedies: tuple[Remedy, ...]
    remarks: tuple[Remark, ...]


def why_text(told: Explained, style: Style) -> Iterator[str]:
    """Give the answer. Layers that have nothing to say are left out."""
    words, color = _VERDICTS[told.answer.verdict]
    words += _on(told.answer)
    yield f"{printable(told.asked.src.text)} -> {printable(_destination(told.asked))}: "
    yield style.paint(words, f"1;{color}") + "\n"
    yield from _network(told, style)
    if told.answer.verdict != "nobody":
        yield from _route(told, style)
        yield from _posture(told, style)
    session = told.answer.session
    is_told = session is not None and (told.asked.login is not None or session.verdict != "nobody")
    if session is not None and is_told and told.answer.network != "nobody":
        yield from _session(told, session, style)
    yield from _remedies(told.remedies)
    for remark in told.remarks:
        yield (
            textwrap.fill(printable(remark.text), WIDTH, initial_indent="  note: ", subsequent_indent="        ") + "\n"
        )


def _on(answer: Answer) -> str:
    """Say on which services it is allowed, where it was not asked about one; empty where nothing is."""
    every, some = answer.open_to_all, answer.open_to_some
    if not some:
        return ""
    if answer.verdict == "partly" or every == some:
        return f" on {_services(some)}"
    if every:
        return f" on {_services(every)}, for some on {_services(without(some, every))} too"
    return f", everyone on some of {_services(some)}"


def _services(services: Services) -> str:
    """Give services in words, the first ones of many."""
    shown = services_text(services[:MOST_SERVICES])
    return shown if len(services) <= MOST_SERVICES else f"{shown} and {len(services) - MOST_SERVICES} more"


def _destination(asked: Asked) -> str:
    if asked.port is None:
        return asked.dst.text
    text = f"[{asked.dst.text}]" if ":" in asked.dst.text and asked.dst.selector.kind == "prefix" else asked.dst.text
    protocol = PROTOCOL_NAMES.get(asked.protocol, asked.protocol)
    return f"{text}:{asked.port}/{protocol}" if asked.port else f"{text}/{protocol}"


def _layer(name: str, text: str, style: Style) -> str:
    return f"  {style.paint(name.ljust(8), BOLD)} {text}\n"


def _network(told: Explained, style: Style) -> Iterator[str]:
    view, asked, answer = told.view, told.asked, told.answer
    words = {
        "yes": "a rule lets it in",
        "partly": "rules let in some of the sources, or only to some of the destinations",
        "no": "no rule lets it in; what no rule allows is refused",
        "nobody": _nobody(told),
    }
    if answer.by_role:
        words["partly"] = "a rule lets it in, or not, by the role that somebody has"
    if answer.if_routed and not asked.src.sources(view) & view.sources.own:
        words["partly"] = (
            f"a rule lets it in where an approved subnet route holds {printable(asked.src.text)}, only there"
        )
    only = f", over IPv{answer.families[0]} only" if answer.families else ""
    yield _layer("network", words[answer.network if answer.verdict != "nobody" else "nobody"] + only, style)
    if answer.verdict == "nobody":
        return
    for reason in answer.reasons[:MOST_RULES]:
        yield from _wrapped(f"allowed by {rule_line(told, reason.grant)}")
    if len(answer.reasons) > MOST_RULES:
        yield f"{INDENT}and {len(answer.reasons) - MOST_RULES} more rules\n"
    for side in (asked.src, asked.dst) if asked.everywhere else ():
        prefix = side.selector.prefix
        if prefix is not None and WILDCARD.covers(prefix):
            yield f"{INDENT}whose address {prefix} is, only --tailnet can tell; here it may be anybody's\n"
    yield from _parts(told)
    for near in answer.nearest:
        yield from _wrapped(f"nearest: {rule_line(told, near.grant)}")
        yield f"{INDENT}  {' and '.join(lack_text(told, near, lack) for lack in near.lacks)}\n"


def _nobody(told: Explained) -> str:
    asked, answer = told.asked, told.answer
    src, dst = f"`{printable(asked.src.text)}`", f"`{printable(asked.dst.text)}`"
    selector = asked.src.selector
    is_service = asked.src.node is None and selector.kind == "service"
    if is_service or (asked.src.node is None and selector.name in {"autogroup:self", "autogroup:internet"}):
        return f"{src} is a destination only: nothing sends as it"
    for name, side, is_there in ((src, asked.src, answer.has_source), (dst, asked.dst, answer.has_target)):
        group = told.view.resolved.policy.groups.get(side.selector.name) if side.node is None else None
        if group is not None and not is_there and not any(each.kind == "user" for each in group.members):
            if not group.members:
                return f"{name} has no members"
            members = _names([f"`{each.text}`" for each in group.members])
            return f"no member of {name} is a login, which has an @ in it: {members}"
    if not answer.has_source:
        where = "here" if asked.everywhere else "in this tailnet"
        return f"nothing {where} is {src}, so that nothing can send"
    if not answer.has_target:
        return f"nothing in the tailnet is or leads to {dst}"
    if asked.dst.selector.name == "autogroup:self":
        return f"{src} has no other device of its own: only untagged devices of people have"
    if asked.src.node is not None and asked.src.node == asked.dst.node:
        return "a device does not need the network to reach itself"
    if asked.src.text == asked.dst.text:
        return f"{src} is one device here, which does not need the network to reach itself"
    return f"{src} and {dst} have no address family in common, or are one device"


class Part(NamedTuple):
    """A part of the destination (empty: all of it), who gets through to it and who does not, in words."""

    targets: tuple[str, ...]
    may: tuple[str, ...]
    may_not: tuple[str, ...]


def parts(told: Explained) -> tuple[Part, ...]:
    """Give who gets through to what where only some do, each part once; of `MOST_SHARES` parts at most. Empty where the
    answer is one for all."""
    if not told.answer.shares:
        return ()
    # WHY not at the head: most answers are, and start-up time counts.
    from aclc.reach.words.rule_naming import RuleNaming
    from aclc.reach.words.wording import Wording

    view, shares = told.view, told.answer.shares[:MOST_SHARES]
    policy = view.resolved.policy
    known = len(view.resolved.tailnet.users) + len(policy.groups) + len(policy.tag_owners) + len(policy.hosts)
    # WHY two ways: words with exceptions cost the square of the names there are.
    wording = Wording(told.setting, view) if known <= MOST_KNOWN else None
    naming = RuleNaming(view, (told.asked.src, told.asked.dst))
    grants = tuple(reason.grant for reason in told.answer.reasons)
    everything = 0
    for share in shares:
        everything |= share.targets

    def sources(part: int, whole: int, because: tuple[int, ...]) -> tuple[str, ...]:
        if wording is not None:
            return _plain(told.asked.src, wording.sources(part, whole, because).texts)
        found = naming.sources(part)
        return _plain(told.asked.src, (*found.selectors, *found.rest))

    def targets(part: int) -> tuple[str, ...]:
        if wording is not None:
            return _plain(told.asked.dst, wording.targets(part, everything, grants).texts)
        found = naming.targets(part)
        return _plain(told.asked.dst, (*found.selectors, *found.rest))

    found: dict[Part, None] = {}
    for share in shares:
        whole = share.may | share.may_not
        part = Part(
            targets(share.targets) if len(told.answer.shares) > 1 else (),
            sources(share.may, whole, grants) if share.may else (),
            sources(share.may_not, whole, ()) if share.may_not else (),
        )
        found[part] = None
    return tuple(found)


def parts_left_out(told: Explained) -> int:
    """Count the parts of the destination that `parts` does not tell of."""
    return max(0, len(told.answer.shares) - MOST_SHARES)


def _plain(side: Principal, names: Sequence[str]) -> tuple[str, ...]:
    """Leave out of names that they are about the address asked about, which goes without saying."""
    if side.selector.prefix is None:
        return tuple(names)
    return tuple(dict.fromkeys(name.replace(AT_ADDRESS, "") for name in names))


def _parts(told: Explained) -> Iterator[str]:
    found = parts(told)
    for part in found[:MOST_PARTS]:
        where = f" reach {_names(part.targets)}" if part.targets and len(found) > 1 else ""
        if part.may:
            yield f"{INDENT}may{where}: {_names(part.may)}\n"
        if part.may_not:
            yield f"{INDENT}may not{where}: {_names(part.may_not)}\n"
    left = len(found) - MOST_PARTS + parts_left_out(told)
    if left > 0:
        yield f"{INDENT}and {left} more parts of it; `aclc reach --from` lists what is open\n"


def _names(names: Sequence[str]) -> str:
    shown = [printable(name) for name in names[:MOST_NAMES]]
    return ", ".join(shown) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")


def rule_line(told: Explained, grant: int) -> str:
    """Give place and text of a rule on one line; of long lists what the question is about."""
    rule = told.view.resolved.grants[grant]
    if rule.origin == "default":
        return "the default: a policy without `acls` and `grants` allows everything"
    span = rule.place.span
    return f"{place(span)}  {rule_text(span.text, needed_items(told.view, told.asked, grant))}"


def _ssh_line(told: Explained, index: int) -> str:
    """Give place and text of an SSH rule, in the same way."""
    view, asked = told.view, told.asked
    rule = (view.resolved.policy.ssh or ())[index]
    sources, targets = asked.src.sources(view), asked.dst.targets(view)
    needed = [rule.place.at("src", at) for at, each in enumerate(rule.src) if view.sources_of(each) & sources]
    needed += [rule.place.at("dst", at) for at, each in enumerate(rule.dst) if view.targets_of(each) & targets]
    needed += [rule.place.at("users", at) for at, each in enumerate(rule.users or ()) if each == asked.login]
    return f"{place(rule.place.span)}  {rule_text(rule.place.span.text, written(needed))}"


def _wrapped(text: str) -> Iterator[str]:
    """Give a line about a rule, on several where it is long."""
    room = max(WIDTH, len(INDENT) + text.find("  ") + 2 + WIDEST_RULE + 10)
    yield (
        textwrap.fill(
            text,
            room,
            initial_indent=INDENT,
            subsequent_indent=f"{INDENT}    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )


def lack_text(told: Explained, near: Near, lack: Lack) -> str:
    """Say what a rule lacks."""
    view, asked = told.view, told.asked
    match lack:
        case "source":
            return "does not name the source"
        case "destination":
            return "does not name the destination"
        case "owner":
            return "opens devices of the same person only"
        case "family":
            return "names an address of the other family (IPv4, IPv6) only"
        case "posture":
            return "asks for a posture that the source does not show"
        case "via":
            tags = " or ".join(view.resolved.grants[near.grant].via or ())
            return f"opens only what lies behind {tags}" if tags else "names no tag in `via`, so it opens nothing"
        case "protocol" | "port":
            mine = [each.edge for each in doors(view) if each.edge.grant == near.grant]
            opened = services_text(union(service for edge in mine for service in services_of(edge)))
            if lack == "protocol":
                return f"is for another protocol ({opened})"
            return f"does not open the port ({opened})" if asked.port is not None else "opens nothing"


def _route(told: Explained, style: Style) -> Iterator[str]:
    answer = told.answer
    if answer.route is None:
        return
    if told.asked.everywhere:
        yield _layer("route", _ways_anywhere(told), style)
        return
    subnets = [route for route in answer.routes if route.approved and not route.is_exit]
    exits = [route for route in answer.routes if route.approved and route.is_exit]
    offered = [route for route in answer.routes if not route.approved]
    if subnets:
        yield _layer("route", _through(told, subnets) + _rest(answer), style)
    elif exits and answer.route != "no":
        which = [route for route in exits if route.lets_in] or exits
        yield _layer("route", f"in no subnet route; only exit nodes lead there: {_routers(told, which)}", style)
    elif exits:
        yield _layer(
            "route",
            f"in no approved subnet route; exit nodes ({_routers(told, exits)}) lead there, but no rule for an "
            "address opens what lies behind them",
            style,
        )
    elif not offered:
        yield _layer("route", "no node offers a route there", style)
    if offered:
        yield _layer("route", f"offered but not approved: {_routers(told, offered)}", style)


def _rest(answer: Answer) -> str:
    """Say which part of a network no approved route holds."""
    if answer.routed is None:
        return ""
    return f"; only to {_names(list(answer.routed.texts()))}: no approved route holds the rest of it"


def _through(told: Explained, subnets: list[Route]) -> str:
    answer = told.answer
    open_ = [route for route in subnets if route.lets_in]
    if answer.route == "yes" or not open_:
        return f"approved, through {_routers(told, open_ or subnets)}"
    if not any(told.view.resolved.tailnet.nodes[route.node].online for route in subnets):
        return f"approved, but no router is online: {_routers(told, subnets)}"
    others = [route for route in subnets if not route.lets_in]
    begins = "packets take" if answer.route == "no" else "packets of some sources take"
    if others:
        return (
            f"approved, but {begins} {_routers(told, others)}, where no rule lets them in; "
            f"{_routers(told, open_)} would"
        )
    return f"approved, through {_routers(told, open_)}, but not offered to every source"


def _ways_anywhere(told: Explained) -> str:
    """Say which routers will do, in a tailnet that is not known."""
    nodes = told.view.resolved.tailnet.nodes
    open_ = [route for route in told.answer.routes if route.lets_in]
    free = [route for route in open_ if not nodes[route.node].tags]
    if told.asked.dst.selector.name == INTERNET and told.asked.dst.node is None and not open_:
        return "needs an exit node that is approved (ask with --tailnet which one is)"
    if told.answer.network == "no" or not open_:
        return "needs a router whose approved route holds it (ask with --tailnet which one does)"
    if any(not route.is_exit for route in free):
        return "through any router whose approved route holds it (ask with --tailnet which one does)"
    tags = dict.fromkeys(tag for route in open_ for tag in nodes[route.node].tags)
    kind = "an exit node" if all(route.is_exit for route in open_) else "a router"
    if free:
        return f"through any exit node that is approved{''.join(f', or a router with {tag}' for tag in tags)}"
    return f"only through {kind} with {' or '.join(tags)}"


def _routers(told: Explained, routes: Sequence[Route]) -> str:
    nodes = told.view.resolved.tailnet.nodes
    names = [nodes[route.node].name + ("" if nodes[route.node].online else " (offline)") for route in routes]
    return _names(names)


def _posture(told: Explained, style: Style) -> Iterator[str]:
    answer, policy = told.answer, told.view.resolved.policy
    if answer.posture == "yes":
        yield _layer("posture", "met wherever a rule asks for one", style)
    for grant, postures in answer.demands[:3]:
        yield _layer("posture", f"{printable(' or '.join(postures))} is needed, and {_shown(told)}", style)
        yield from _wrapped(f"asked for by {rule_line(told, grant)}")
        for name in postures:
            missing = unmet(told.view, told.asked, name)
            if missing:
                texts = [
                    f"{condition.text} ({'not known of it' if fact is None else f'it shows {fact}'})"
                    for condition, fact in missing
                ]
            elif name in policy.postures:
                texts = [condition.text for condition in policy.postures[name].conditions]
            else:
                texts = ["is not defined, so that nothing meets it"]
            yield f"{INDENT}{printable(name)}: {printable(' and '.join(texts))}\n"


def _shown(told: Explained) -> str:
    node = told.asked.src.node
    if node is not None:
        return f"{printable(told.view.resolved.tailnet.nodes[node].name)} does not show it"
    return "not every source shows it" if told.answer.posture == "partly" else "no source shows it"


def _session(told: Explained, found: Session, style: Style) -> Iterator[str]:
    asked = told.asked
    again = ", after asking the person again (check)" if found.always_checked else ""
    if found.checked and not found.always_checked:
        again = ", for some after asking the person again (check)"
    logins = printable(", ".join(found.logins))
    words = {
        "yes": f"a session as {logins} is accepted{again}",
        "partly": f"a session as {logins} is accepted for some{again}",
        "no": f"no rule in `ssh` lets it in as {logins}"
        if asked.login is not None
        else "no rule in `ssh` lets it in; an SSH server of the machine's own is another matter",
        "nobody": "SSH rules are for nodes only",
    }
    yield _layer("ssh", words[found.verdict], style)
    for index in found.rules[:MOST_RULES]:
        yield from _wrapped(f"by {_ssh_line(told, index)}")
    for near in found.nearest if asked.login is not None else ():
        yield from _wrapped(f"nearest: {_ssh_line(told, near.rule)}")
        yield f"{INDENT}  {' and '.join(_SSH_LACKS[lack] for lack in near.lacks)}\n"


def _remedies(found: Sequence[Remedy]) -> Iterator[str]:
    """Give what to do: one thing for each layer, the others of a layer instead of its first."""
    done: dict[str, None] = {}
    for remedy in found:
        lead = "       or:" if remedy.layer in done else "      and:" if done else "to allow it:"
        done[remedy.layer] = None
        more = f" ({remedy.opens_more})" if remedy.opens_more else ""
        yield f"  {lead} {printable(remedy.words)}{more}\n"
