"""Why a connection is allowed or refused, in plain words: one verdict, then each layer with the lines it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.reach.space import View
from aclc.reach.why import Answer, Asked, Lack, Route, Session, Verdict
from aclc.reports.diff_text import GREEN, RED, YELLOW, place
from aclc.reports.safe_text import printable
from aclc.reports.services import PROTOCOL_NAMES
from aclc.reports.text import BOLD, Style

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "yes": ("allowed", GREEN),
    "partly": ("allowed for some", YELLOW),
    "no": ("refused", RED),
    "nobody": ("there is nobody to ask about", YELLOW),
}
_LACKS: dict[Lack, str] = {
    "source": "does not name the source",
    "destination": "does not name the destination",
    "protocol": "is for another protocol",
    "port": "does not open the port",
    "posture": "asks for a posture that the source does not show",
    "via": "goes only through routers that do not serve it",
}


def why_text(view: View, asked: Asked, answer: Answer, style: Style) -> Iterator[str]:
    """Give the answer. Layers that have nothing to say are left out."""
    verdict = overall(asked, answer)
    words, color = _VERDICTS[verdict]
    yield f"{printable(asked.src.text)} -> {printable(_destination(asked))}: {style.paint(words, f'1;{color}')}\n"
    yield from _network(view, asked, answer, style)
    yield from _route(view, asked, answer, style)
    yield from _posture(view, answer, style)
    if answer.session is not None:
        yield from _session(view, answer.session, answer, style)
    yield from _hints(view, asked, answer)


def overall(asked: Asked, answer: Answer) -> Verdict:
    """Give the verdict of all layers together: the worst of them. SSH counts only where a session was asked for."""
    verdicts: list[Verdict] = [answer.network]
    if answer.behind_routers and not any(route.approved for route in answer.routes):
        verdicts.append("no")
    if asked.login is not None and answer.session is not None and answer.session.verdict != "yes":
        verdicts.append(answer.session.verdict)
    order: tuple[Verdict, ...] = ("nobody", "no", "partly", "yes")
    return min(verdicts, key=order.index)


def _destination(asked: Asked) -> str:
    if asked.port is None:
        return asked.dst.text
    text = f"[{asked.dst.text}]" if ":" in asked.dst.text and asked.dst.selector.kind == "prefix" else asked.dst.text
    return f"{text}:{asked.port}/{PROTOCOL_NAMES.get(asked.protocol, asked.protocol)}"


def _layer(name: str, text: str, style: Style) -> str:
    return f"  {style.paint(name.ljust(8), BOLD)} {text}\n"


def _network(view: View, asked: Asked, answer: Answer, style: Style) -> Iterator[str]:
    words = {
        "yes": "the packet filter lets it in",
        "partly": "the packet filter lets in some of the sources, or only to some of the destinations",
        "no": "no rule lets it in; what no rule allows is refused",
        "nobody": _nobody(view, asked, answer),
    }
    yield _layer("network", words[answer.network], style)
    for reason in answer.reasons[:5]:
        yield f"             allowed by {_rule_line(view, reason.grant)}\n"
    if len(answer.reasons) > 5:
        yield f"             and {len(answer.reasons) - 5} more rules\n"
    for near in answer.nearest:
        lacks = " and ".join(_LACKS[lack] for lack in near.lacks)
        yield f"             nearest: {_rule_line(view, near.grant)}\n               {lacks}\n"
    if answer.edit:
        yield f"             to allow it: {printable(answer.edit)}\n"


def _nobody(view: View, asked: Asked, answer: Answer) -> str:
    if not asked.src.sources(view):
        return f"nothing that `{printable(asked.src.text)}` names can send packets"
    if answer.routes:
        return f"nothing serves `{printable(asked.dst.text)}`: its route is offered but not approved"
    return f"nothing in the tailnet is or leads to `{printable(asked.dst.text)}`"


def _rule_line(view: View, grant: int) -> str:
    rule = view.resolved.grants[grant]
    if rule.origin == "default":
        return "the default: a policy without `acls` and `grants` allows everything"
    text = " ".join(rule.place.span.text.split())
    shown = text if len(text) <= 90 else text[:87] + "..."
    return f"{place(rule.place.span)}  {printable(shown)}"


def _route(view: View, asked: Asked, answer: Answer, style: Style) -> Iterator[str]:
    if asked.everywhere:
        if answer.behind_routers:
            yield _layer(
                "route", "needs a router whose approved route holds it (ask with --tailnet which one does)", style
            )
        return
    nodes = view.resolved.tailnet.nodes

    def named(routes: list[Route]) -> str:
        shown = ", ".join(printable(nodes[route.node].name) for route in routes[:5])
        return f"{shown} and {len(routes) - 5} more" if len(routes) > 5 else shown

    subnets = [route for route in answer.routes if route.approved and not route.is_exit]
    exits = [route for route in answer.routes if route.approved and route.is_exit]
    offered = [route for route in answer.routes if not route.approved]
    if subnets:
        yield _layer("route", f"approved, through {named(subnets)}", style)
    elif exits:
        yield _layer("route", f"in no subnet route; only exit nodes lead there: {named(exits)}", style)
    if offered:
        yield _layer("route", f"offered but not approved: {named(offered)}", style)


def _posture(view: View, answer: Answer, style: Style) -> Iterator[str]:
    for grant, postures in answer.posture_refuses[:3]:
        yield _layer("posture", f"{' or '.join(postures)} is not shown by the source, or not known of it", style)
        yield f"             asked for by {_rule_line(view, grant)}\n"


def _session(view: View, session: Session, answer: Answer, style: Style) -> Iterator[str]:
    asked_again = ", after asking the person again (check)" if session.checked else ""
    words = {
        "yes": f"a session as {', '.join(session.logins)} is accepted{asked_again}",
        "partly": f"a session as {', '.join(session.logins)} is accepted for some{asked_again}",
        "no": f"no rule in `ssh` lets it in{' as ' + session.logins[0] if session.logins else ''}"
        + ("" if session.logins else "; an SSH server of the machine's own is another matter"),
        "nobody": "SSH rules are for nodes only",
    }
    yield _layer("ssh", printable(words[session.verdict]), style)
    rules = view.resolved.policy.ssh or ()
    for index in session.rules[:5]:
        span = rules[index].place.span
        text = " ".join(span.text.split())
        yield f"             by {place(span)}  {printable(text if len(text) <= 90 else text[:87] + '...')}\n"
    if session.verdict == "yes" and answer.network == "no":
        yield "             an `ssh` rule alone is not enough: port 22 must be open in the network layer too\n"


def _hints(view: View, asked: Asked, answer: Answer) -> Iterator[str]:
    """Clear up what people most often take for granted (reference: recurring misconceptions)."""
    hints: list[str] = []
    node = asked.src.node
    if node is not None and view.resolved.tailnet.nodes[node].tags and answer.network != "yes":
        hints.append("a tagged node has no owner: rules for the person who set it up do not apply to it")
    if answer.network == "yes" and len(answer.reasons) > 1:
        hints.append("rules only add up: to take this away, every rule above must go or be narrowed")
    if answer.network == "no" and asked.dst.node is None and asked.dst.selector.kind == "tag" and not answer.nearest:
        hints.append("a tag names the tagged nodes themselves, never the networks behind them")
    if answer.network == "no" and any(route.approved and not route.is_exit for route in answer.routes):
        hints.append("an approved route opens nothing by itself: a rule must name the addresses behind the router")
    if answer.network == "yes" and answer.routes and not any(route.approved for route in answer.routes):
        hints.append("a rule makes no route: approve it, or name its router in autoApprovers")
    for hint in hints:
        yield f"  note: {hint}\n"
