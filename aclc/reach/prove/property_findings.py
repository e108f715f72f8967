"""What became of promises, as findings: a witness in one clause, the lines that make it possible, what to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.net import TCP
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.space import PORT_PROTOCOLS, View
from aclc.reach.population.principals import Principal
from aclc.reach.powers.pivots import Step
from aclc.reach.properties.properties import Witness
from aclc.reach.properties.property_file import Kind, Property
from aclc.reach.prove.against import Difference
from aclc.reach.prove.prove import Verdict
from aclc.reach.words.naming import Naming
from aclc.reach.words.plain_names import plain_name, plain_texts
from aclc.source import Span

CODES: dict[Kind, Code] = {
    "never": Code("PRP001", "forbidden-reach", Severity.ERROR),
    "only": Code("PRP001", "forbidden-reach", Severity.ERROR),
    "always": Code("PRP002", "required-reach", Severity.ERROR),
    "no-new-access": Code("PRP003", "no-new-access", Severity.ERROR),
    "exposed": Code("PRP004", "no-public", Severity.ERROR),
    "isolated": Code("PRP005", "isolation", Severity.ERROR),
    "equivalent": Code("PRP006", "equivalent", Severity.ERROR),
    "at-most": Code("PRP007", "max-blast-radius", Severity.ERROR),
}
UNDECIDED = Code("PRP011", "promise-undecided", Severity.WARNING)
UNREADABLE = Code("PRP014", "promise-unreadable", Severity.ERROR)

_PROTOCOLS = {6: "tcp", 17: "udp", 132: "sctp", 1: "ping", 58: "ping"}


def findings(verdicts: Sequence[Verdict]) -> tuple[Diagnostic, ...]:
    """Give a diagnostic for each promise that does not hold for certain, at the part of it that does not."""
    found = []
    for verdict in verdicts:
        span = culprit(verdict)
        if verdict.state == "undecided":
            found.append(UNDECIDED.at(span, "cannot be decided: " + "; ".join(verdict.doubts)))
        elif verdict.state == "unreadable":
            reason = "; ".join(verdict.doubts)
            found.append(
                UNREADABLE.at(
                    span, f"nothing to compare with: {reason}", help="name a policy file, or `git:REV[:PATH]`"
                )
            )
        elif verdict.state == "broken":
            notes = tuple(Note(span, text) for span, text in lines(verdict))
            message = f"broken: {witness_text(verdict)}"
            found.append(CODES[verdict.promise.kind].at(span, message, notes=notes, help=_advice(verdict)))
    return tuple(found)


def culprit(verdict: Verdict) -> Span:
    """Give where the part of a promise stands that does not hold: who reaches what it should not, what is reached by
    others, the service that is not open, the number; the whole promise where no part of it is to blame."""
    promise, places = verdict.promise, verdict.promise.places
    if promise.other:
        return places.other or promise.span
    if promise.kind == "at-most":
        return places.most or promise.span
    witness, view = verdict.witness, verdict.view
    if witness is None or view is None:
        return promise.span
    if promise.kind == "always" and view.edges_between(witness.source or 0, witness.target or 0):
        protocol, port = witness.service
        for (asked, first, last), place in zip(promise.services, places.services, strict=bool(places.services)):
            if asked in {None, protocol} and first <= port <= last:
                return place
    reached = promise.kind in {"only", "exposed"}
    sides = {"only": (1,), "isolated": tuple(range(len(promise.sides)))}.get(promise.kind, (0,))
    for number in sides if places.sides else ():
        for selector, place in zip(promise.sides[number], places.sides[number], strict=True):
            if _meant(view, witness, selector, is_source=not reached):
                return place
    return promise.span


def _meant(view: View, witness: Witness, selector: Selector, *, is_source: bool) -> bool:
    """Tell whether a selector means where a witness begins, or else where it ends."""
    named = Principal(selector.text, selector)
    if not is_source:
        return witness.target is not None and bool(named.targets(view) >> witness.target & 1)
    if witness.steps:
        return bool(named.sources(view) & view.sources.of_nodes(1 << witness.steps[0].source))
    return witness.source is not None and bool(named.sources(view) >> witness.source & 1)


def witness_text(verdict: Verdict) -> str:
    """Give what breaks a property in one clause, without the lines that allow it."""
    if verdict.difference is not None:
        return _difference_text(verdict, verdict.difference)
    assert verdict.witness is not None  # whatever is broken by no difference has a witness
    return _packet_text(verdict, verdict.witness)


def _difference_text(verdict: Verdict, difference: Difference) -> str:
    other = shown(verdict.promise.other)
    text = _packet_text(verdict, difference.witness) if difference.witness is not None else difference.text
    if verdict.promise.kind == "no-new-access":
        return f"not so under {other}: {text}"
    if difference.witness is None:
        return f"other than under {other}: {text}"
    return f"not so under {other}: {text}" if difference.gained else f"only under {other}: {text}"


def _packet_text(verdict: Verdict, witness: Witness) -> str:
    source, target = ends(verdict, witness)
    if witness.funnel is not None:
        return f"`{target}` may open itself to the whole internet by funnel"
    if verdict.promise.kind == "at-most":
        return f"`{source}` reaches {witness.reached} nodes"
    way = ", then ".join(f"`{step_text(verdict, step)}`" for step in witness.steps)
    if witness.source is None:
        return f"`{target}` is taken over by way of {way}"
    verb = "does not reach" if verdict.promise.kind == "always" else "reaches"
    if verdict.promise.kind == "only":
        verb = "is none of these and reaches"
    text = f"`{source}` {verb} `{target}` on {service_text(witness)}"
    return f"{text}, by way of {way}" if way else text


def service_text(witness: Witness) -> str:
    """Give the protocol and port of a witness: `tcp 22`, `any tcp port`, `ping`."""
    protocol, port = witness.service
    name = _PROTOCOLS.get(protocol, f"protocol {protocol}")
    if protocol not in PORT_PROTOCOLS:
        return name
    return f"{name} {port}" if port else f"any {name} port"


def ends(verdict: Verdict, witness: Witness) -> tuple[str, str]:
    """Give source and target of a witness in words; empty where it has none."""
    assert verdict.view is not None  # set with the witness
    view = verdict.view
    source = _named(verdict, view.sources, witness.source)
    target = _named(verdict, view.targets, witness.target)
    return source, f"another {target}" if source == target and target else target


def _named(verdict: Verdict, endpoints: Endpoints, number: int | None) -> str:
    assert verdict.view is not None
    if number is None:
        return ""
    text = Naming(verdict.view).endpoint(endpoints.items[number])
    if not verdict.everywhere:
        return text
    return plain_name(text) if endpoints.own >> number & 1 else plain_texts((text,))[0]


def step_text(verdict: Verdict, step: Step) -> str:
    """Give one step of a way in words."""
    assert verdict.view is not None
    nodes = verdict.view.resolved.tailnet.nodes
    one, other = (
        plain_name(nodes[each].name) if verdict.everywhere else nodes[each].name for each in (step.source, step.target)
    )
    if step.kind == "route":
        return f"{one} sending for what lies behind it"
    how = "over SSH to" if step.kind == "ssh" else f"by applying {step.tag} to"
    return f"{one} {how} {'another ' if one == other else ''}{other}"


def _advice(verdict: Verdict) -> str | None:
    """Say how to rule a witness out that only a node with several tags makes possible, and how to find what would allow
    what is missing."""
    witness, view = verdict.witness, verdict.view
    if witness is None or view is None or verdict.difference is not None:
        return None
    if verdict.promise.kind == "always":
        return _question(verdict.promise, view, witness)
    if not verdict.everywhere:
        return None
    sides = (view.sources.items, witness.source), (view.targets.items, witness.target)
    nodes = [items[at].node for items, at in sides if at is not None]
    nodes += [step.target for step in witness.steps]
    for tags in (view.resolved.tailnet.nodes[node].tags for node in nodes if node is not None):
        if len(tags) > 1:
            which = "both tags" if len(tags) == 2 else "these tags"
            never = f"if that never happens, say `assume {tags[0]} and {tags[1]} apart`"
            return f"an admin may put {which} on one node; {never}"
    return None


def _question(promise: Property, view: View, witness: Witness) -> str | None:
    """Give the question whose answer says what is missing."""
    src, dst = (
        next((each.text for each in side if _meant(view, witness, each, is_source=is_source)), "")
        for side, is_source in ((promise.sides[0], True), (promise.sides[1], False))
    )
    if not src or not dst:
        return None
    protocol, port = witness.service
    name = f"[{dst}]" if ":" in dst and parse_selector(dst).kind == "prefix" else dst
    spelled = "" if protocol == TCP else f"/{_PROTOCOLS.get(protocol, protocol)}"
    asked = f"{name}:{port}{spelled}" if port else dst
    return f"`aclc why {shlex.join((src, asked))}` says what is missing"


def lines(verdict: Verdict) -> Iterator[tuple[Span, str]]:
    """Give the lines of the policy that make what breaks a property possible, each with its part in it."""
    if verdict.difference is not None:
        for span in verdict.difference.lines:
            yield span, "allowed here" if verdict.difference.witness is not None else "here"
        return
    witness, view = verdict.witness, verdict.view
    if witness is None or view is None:
        return
    policy = view.resolved.policy
    for step in witness.steps:
        if step.rule is not None and policy.ssh is not None:
            yield policy.ssh[step.rule].place.span, "this lets it log in"
        elif step.tag is not None and step.tag in policy.tag_owners:
            yield policy.tag_owners[step.tag].place.key, "this lets it apply the tag"
    if witness.funnel is not None:
        yield witness.funnel, "allowed here"
    if witness.edge is not None:
        yield view.resolved.grants[witness.edge.grant].place.span, "allowed here"
