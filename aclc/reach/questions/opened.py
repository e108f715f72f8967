"""What a question without a port finds open: on which services everybody gets through, and on which somebody does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from aclc.reach.graph.service_sets import PING, Service, Services, covers, services_of, union
from aclc.reach.questions.inquiry import Inquiry, Meeting, verdict_of

MOST_KINDS = 300
"""Kinds of services, told apart by the rules that open them, up to which each is asked about by itself."""


def opened(inquiry: Inquiry, meetings: Sequence[Meeting]) -> tuple[Services, Services]:
    """Give the services on which all of the sources get through to all of the targets, and those on which any do.

    `meetings`: of the question without a port, all layers together. The first is empty where none is for all, and where
    there are more kinds of services than `MOST_KINDS`. Cost: meetings for each kind.
    """
    numbers = dict.fromkeys(number for meeting in meetings for number in meeting.doors)
    sets = list(dict.fromkeys(services_of(inquiry.open[number].edge) for number in numbers))
    if not sets:
        return (), ()
    some = union(service for services in sets for service in services)
    if verdict_of(meetings) != "yes":
        return (), some
    if len(sets) == 1:
        return some, some
    kinds: dict[tuple[bool, ...], list[Service]] = {}
    for piece in _pieces(some, sets):
        kinds.setdefault(tuple(covers(services, (piece,)) for services in sets), []).append(piece)
    if len(kinds) > MOST_KINDS:
        return (), some
    every: list[Service] = []
    for kind, pieces in kinds.items():
        protocol, first, _ = pieces[0]
        narrowed = inquiry.about(protocol, first)
        if all(kind) or verdict_of(narrowed.meetings(posture=True, routed=bool(narrowed.behind))) == "yes":
            every += pieces
    return union(every) if every else (), some


def _pieces(services: Services, sets: Sequence[Services]) -> list[Service]:
    """Cut services where one of some sets begins or ends."""
    if services == PING:
        return list(PING)
    found: list[Service] = []
    for protocol, first, last in services:
        ends = {first, last + 1}
        for each in sets:
            for number, low, high in each:
                if number == protocol:
                    ends.update(end for end in (low, high + 1) if first < end <= last)
        found += [(protocol, low, after - 1) for low, after in pairwise(sorted(ends))]
    return found
