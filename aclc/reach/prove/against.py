"""Properties that compare a policy with another one: no new access, and equivalent; for every tailnet, or on one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aclc.policy.model import Policy
from aclc.reach.difference.causes import Cause
from aclc.reach.difference.diff import Diff, comparison
from aclc.reach.graph.compare import Change, changes
from aclc.reach.graph.space import PORT_PROTOCOLS, Space, View
from aclc.reach.properties.properties import Witness, same_machine
from aclc.reach.properties.property_file import Property
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of
from aclc.source import Span
from aclc.tailnet.model import Tailnet

Others = Callable[[str, str], Policy | str]
"""Gives the policy that a property compares with, by its name and the file that names it; else why there is none."""


class Difference(NamedTuple):
    """How two policies differ, by one example. `gained`: the policy in question gives more, else less.

    `text`: the example in words, where it is no packet (`witness` and `view` None). `lines`: where it comes from.
    """

    gained: bool
    text: str
    lines: tuple[Span, ...]
    witness: Witness | None = None
    view: View | None = None


class Compared(NamedTuple):
    """What became of a comparison; with neither, the two are proven to be the same in what was asked."""

    difference: Difference | None
    doubts: tuple[str, ...]


def compared(promise: Property, old: Policy, new: Policy, tailnet: Tailnet | None) -> Compared:
    """Decide "no new access" or "equivalent" of a new policy against an old one.

    Every layer counts: packets, SSH sessions, application capabilities, node attributes, approvals and who may apply
    which tag. Tests are no access.
    """
    space, found = comparison(old, new, tailnet)[1:]
    is_gate = promise.kind == "no-new-access"
    if not (found.gives_access if is_gate else found.changes_access):
        return Compared(None, found.doubts)
    packets = [each for each in changes(space) if each.gained or not is_gate]
    if packets:
        return Compared(_of_packets(space, packets[0]), found.doubts)
    return Compared(next(each for each in _others(found) if each.gained or not is_gate), found.doubts)


_SESSIONS = {
    "gained": "may log in to",
    "lost": "may not log in to",
    "unchecked": "may log in without being asked again to",
    "checked": "is asked again on",
    "looser": "may log in on easier terms to",
    "stricter": "may log in on stricter terms only to",
}


def _others(found: Diff) -> Iterable[Difference]:
    """Give the differences in layers other than packets, as sentences about the policy in question."""
    for session in found.sessions:
        text = f"{_list(session.who.texts)} {_SESSIONS[session.kind]} {_list(session.what.texts)}"
        more = session.kind in {"gained", "unchecked", "looser"}
        terms = f": {'; '.join(session.terms)}" if session.terms else ""
        yield Difference(more, f"{text} as {_list(session.logins)}{terms}", _spans(session.causes))
    for capability in found.capabilities:
        verb = "has" if capability.gained else "lacks"
        text = f"{_list(capability.who.texts)} {verb} `{capability.name}` on {_list(capability.what.texts)}"
        yield Difference(capability.gained, text, _spans(capability.causes))
    for attribute in found.attributes:
        verb = "has" if attribute.gained else "lacks"
        text = f"{_list(attribute.nodes.texts)} {verb} the attribute `{attribute.name}`"
        yield Difference(attribute.gained, text, _spans(attribute.causes))
    for power, what in (
        *((each, "have {} approved") for each in found.approvals),
        *((e, "apply {}") for e in found.ownership),
    ):
        verb = "may" if power.gained else "may not"
        text = f"{_list(power.who)} {verb} {what.format(_list(power.powers))}"
        yield Difference(power.gained, text, _spans(power.causes))


def _list(texts: Iterable[str]) -> str:
    shown = [f"`{each}`" for each in texts]
    return ", ".join(shown if len(shown) <= 3 else [*shown[:2], f"{len(shown) - 2} more"])


def _spans(causes: Iterable[Cause]) -> tuple[Span, ...]:
    return tuple(span for cause in causes for span in (cause.new or cause.old,) if span is not None)


def _of_packets(space: Space, change: Change) -> Difference:
    """Give one packet that one of the policies lets in and the other does not."""
    view = space.views[change.gained]
    witness = _witness(view, change)
    assert witness.edge is not None  # it was made from one
    return Difference(change.gained, "", (view.resolved.grants[witness.edge.grant].place.span,), witness, view)


def _witness(view: View, change: Change) -> Witness:
    """Give one packet of a change, between two devices where there are two."""
    protocol, first, _ = change.services[0]
    port = first if protocol in PORT_PROTOCOLS else 0
    found: Witness | None = None
    for target in indices_of(change.targets & view.live):
        node = view.targets.items[target].node
        alternatives = same_machine(view, node) if node is not None else 0
        same = view.sources.of_nodes(1 << node) if node is not None else 0
        for edge, src in view.edges_to(target):
            sources = src & change.sources
            if sources and edge.opens(protocol, port):
                others = sources & ~alternatives
                found = Witness(indices_of(others or sources & same or sources)[0], target, (protocol, port), edge)
                if others:
                    return found
    assert found is not None, change  # some edge of the policy that gives it lets it in
    return found
