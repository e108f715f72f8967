"""What a change opens to people who are no part of the tailnet, or closes to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from aclc.reach.causes import Cause
from aclc.reach.compare import Services
from aclc.reach.power_rows import AttributeRow
from aclc.reach.review import ReviewRow
from aclc.reach.rule_naming import SHARED_IN_BY
from aclc.reach.wording import Worded

FUNNEL = "funnel"

Stranger = Literal["guests", "shared", "anyone", "funnel"]


class ExposureRow(NamedTuple):
    """Strangers gain or lose something.

    `stranger`: devices that people whom the rules name share in from elsewhere (`who` says whose), and whatever they
    have themselves is no news; devices shared in by anybody else; any address at all; the internet by way of Funnel,
    which has no `services` of the policy's. `what`: what is open to them.
    """

    gained: bool
    stranger: Stranger
    who: tuple[str, ...]
    what: Worded
    services: Services
    causes: tuple[Cause, ...]
    accepted: bool = False


def exposure_rows(network: Iterable[ReviewRow], attributes: Sequence[AttributeRow]) -> tuple[ExposureRow, ...]:
    """Give the rows, gains first. They repeat what other rows say, from the strangers' side."""
    return tuple(sorted(_rows(network, attributes), key=lambda row: not row.gained))


def _rows(network: Iterable[ReviewRow], attributes: Sequence[AttributeRow]) -> Iterator[ExposureRow]:
    for row in network:
        if row.shared or row.anyone or is_about_guests(row):
            stranger: Stranger = "anyone" if row.anyone else "shared" if row.shared else "guests"
            who = row.who.texts if stranger == "guests" else ()
            yield ExposureRow(row.gained, stranger, who, row.what, row.part.services, row.causes, row.accepted)
    for each in attributes:
        if each.name == FUNNEL:
            yield ExposureRow(each.gained, "funnel", (), each.nodes, (), each.causes, each.accepted)


def is_about_guests(row: ReviewRow) -> bool:
    """Tell whether a row speaks of nobody but devices that named people share in from elsewhere."""
    return all(text.startswith(SHARED_IN_BY) for text in row.who.texts)
