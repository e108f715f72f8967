"""The matrix of selectors says what asking each pair of endpoints says."""

from __future__ import annotations

from hypothesis import given

from aclc.reach.graph.service_sets import opens_some
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.selector_matrix import Cell, selector_matrix, vocabulary
from aclc.resolve.node_sets import indices_of
from tests.properties.oracle import World
from tests.properties.strategies import of_worlds, worlds
from tests.reach.changing import corner_services
from tests.reach.engine import space_of
from tests.reach.graph.test_access import TAGS, TAILNET


def principals(view: View) -> tuple[list[Principal], list[Principal]]:
    left, right = vocabulary(view)
    return [Principal(each.text, each) for each in left], [Principal(each.text, each) for each in right]


def pairs(view: View, sources: int, targets: int) -> list[tuple[int, int]]:
    families = zip(view.sources.families, view.targets.families, strict=True)
    return [
        (source, target)
        for mine, theirs in families
        for source in indices_of(sources & mine)
        for target in indices_of(targets & theirs)
    ]


@of_worlds
@given(world=worlds())
def test_a_cell_is_what_its_pairs_say(world: World) -> None:
    """`every` and `some` are what all and any of the pairs may do, service by service; `own` only adds to them."""
    view = space_of([world.policy], world.tailnet).views[0]
    left, right = principals(view)
    left, right = left[:6], right[:6]
    shared = view.sources.of_nodes(view.resolved.names.shared)
    services = [*corner_services((view,))[::9], corner_services((view,))[-1]]
    reached: dict[tuple[int, int], list[bool]] = {}
    for row, source in zip(selector_matrix(view, left, right), left, strict=True):
        bits = source.sources(view)
        if source.selector.kind in {"group", "user"}:
            bits &= ~shared
        for cell, target in zip(row.cells, right, strict=True):
            goal = view.targets_of(target.selector) or target.targets(view)
            ends = pairs(view, bits, goal)
            for pair in ends:
                if pair not in reached:
                    reached[pair] = [view.allows(*pair, *service) for service in services]
            for number, service in enumerate(services):
                said = [reached[pair][number] for pair in ends]
                told = [opens_some(each, ((*service, service[1]),)) if each else False for each in cell]
                assert any(said) == (told[1] or told[2]), (service, cell)
                assert not told[0] or all(said), (service, cell)
                assert cell.own or (bool(said) and all(said)) == told[0], (service, cell)


def cells(policy: dict[str, object], row: str) -> dict[str, Cell]:
    view = space_of([{**TAGS, **policy}], TAILNET).views[0]
    left, right = principals(view)
    found = next(each for each in selector_matrix(view, left, right) if each.name == row)
    return dict(zip([each.text for each in right], found.cells, strict=True))


def test_a_cell_tells_all_from_some() -> None:
    found = cells(
        {
            "groups": {"group:both": ["a@example.com", "b@example.com"]},
            "grants": [
                {"src": ["group:both"], "dst": ["tag:web"], "ip": ["tcp:443"]},
                {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:22"]},
            ],
        },
        "group:both",
    )
    assert Cell(every=((6, 443, 443),), some=((6, 22, 22), (6, 443, 443))) == found["tag:web"]
    assert not found["tag:db"]


def test_rules_that_cover_a_group_together_cover_it() -> None:
    found = cells(
        {
            "groups": {"group:both": ["a@example.com", "b@example.com"]},
            "grants": [
                {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:80-90"]},
                {"src": ["b@example.com"], "dst": ["tag:web"], "ip": ["tcp:85-99"]},
            ],
        },
        "group:both",
    )
    assert ((6, 85, 90),) == found["tag:web"].every
    assert ((6, 80, 99),) == found["tag:web"].some


def test_own_devices_are_told_apart_from_all_devices() -> None:
    found = cells(
        {
            "groups": {"group:a": ["a@example.com"], "group:both": ["a@example.com", "b@example.com"]},
            "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:22"]}],
        },
        "group:a",
    )
    assert Cell(every=((6, 22, 22),), some=((6, 22, 22),)) == found["group:a"]
    assert Cell(own=((6, 22, 22),)) == found["group:both"]
