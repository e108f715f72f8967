"""What a change opens to people who are no part of the tailnet, or closes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from aclc.policy.selectors import Selector
from aclc.reach.difference.causes import Cause
from aclc.reach.difference.power_rows import AttributeRow
from aclc.reach.difference.review import ReviewRow
from aclc.reach.graph.compare import Change
from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import Space, View
from aclc.reach.words.rule_naming import SHARED_IN_BY
from aclc.reach.words.wording import Worded
from aclc.records import NamedTuple
from aclc.resolve.node_sets import union_of

FUNNEL = "funnel"
_LITERALS = ("prefix", "host", "ipset")

Stranger = Literal["guests", "shared", "anyone", "funnel"]


class ExposureRow(NamedTuple):
    """Strangers gain or lose something.

    `stranger`: devices that people whom the rules name share in from elsewhere (`who` says whose), and whatever they
    have themselves is no news; devices shared in by anybody else (`who`: at which addresses, empty: at any); any
    address at all; the internet by way of Funnel, which has no `services` of the policy's. `what`: what is open to
    them; `in_part`: but for what was open to them before, or stays open.
    """

    gained: bool
    stranger: Stranger
    who: tuple[str, ...]
    what: Worded
    services: Services
    causes: tuple[Cause, ...]
    accepted: bool = False
    in_part: bool = False


def exposure_rows(
    space: Space, network: Sequence[ReviewRow], strangers: Iterable[ReviewRow], attributes: Sequence[AttributeRow]
) -> tuple[ExposureRow, ...]:
    """Give the rows, gains first. They repeat what other rows say, from the strangers' side.

    `strangers`: rows about nobody but devices shared in by people whom no rule at all names.
    """
    found = [_of_shared(row, "shared", _addresses(space.views[row.gained], row)) for row in strangers]
    told = {cause for row in found for cause in row.causes}
    for row in network:
        if row.anyone:
            found.append(_of_shared(row, "anyone", ()))
        elif row.shared and not told.issuperset(row.causes):
            found.append(_of_shared(row, "shared", _addresses(space.views[row.gained], row)))
        elif is_about_guests(row):
            found.append(_of_shared(row, "guests", row.who.texts))
    found += (
        ExposureRow(each.gained, "funnel", (), each.nodes, (), each.causes, each.accepted)
        for each in attributes
        if each.name == FUNNEL
    )
    return tuple(sorted(found, key=lambda row: not row.gained))


def _of_shared(row: ReviewRow, stranger: Stranger, who: tuple[str, ...]) -> ExposureRow:
    in_part = bool(row.inside)
    return ExposureRow(row.gained, stranger, who, row.what, row.part.services, row.causes, row.accepted, in_part)


def _addresses(view: View, row: ReviewRow) -> tuple[str, ...]:
    """Give the addresses that the rules behind a row name, where they mean devices shared in by nothing else."""
    shared = union_of(part.sources for part in row.exactly) & view.sources.of_nodes(view.resolved.names.shared)
    found: dict[Selector, None] = {}
    for grant in row.part.grants:
        for selector in view.resolved.grants[grant].src:
            if view.sources_of(selector) & shared:
                found[selector] = None
    return tuple(each.text for each in found) if all(each.kind in _LITERALS for each in found) else ()


def changes_for_strangers(space: Space, found: Iterable[Change]) -> tuple[Change, ...]:
    """Give what changes for devices shared in by people whom no rule of either policy names."""
    view = space.views[0]
    nodes = view.resolved.names.shared
    for each in space.views:
        for grant in each.resolved.grants if nodes else ():
            for selector in grant.src:
                if selector.kind in {"user", "group"}:
                    nodes &= ~each.resolved.names.nodes(selector)
    bits = view.sources.of_nodes(nodes)
    masked = (change._replace(sources=change.sources & bits) for change in found)
    return tuple(change for change in masked if change.sources)


def is_about_guests(row: ReviewRow) -> bool:
    """Tell whether a row speaks of nobody but devices that named people share in from elsewhere."""
    return all(text.startswith(SHARED_IN_BY) for text in row.who.texts)
