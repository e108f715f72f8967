"""The matrix of selectors says what asking each pair of endpoints says."""

from __future__ import annotations

from hypothesis import given

from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.selector_matrix import Cell, selector_matrix, vocabulary
from aclc.resolve.node_sets import indices_of
from tests.properties.oracle import World
from tests.properties.strategies import of_worlds, worlds
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
    """For ping, which any access allows: `every` and `some` are all and any of the pairs; `own` only adds to them."""
    view = space_of([world.policy], world.tailnet).views[0]
    left, right = principals(view)
    left, right = left[:6], right[:6]
    shared = view.sources.of_nodes(view.resolved.names.shared)
    reached: dict[int, int] = {}
    for row, source in zip(selector_matrix(view, left, right), left, strict=True):
        bits = source.sources(view)
        if source.selector.kind in {"group", "user"}:
            bits &= ~shared
        for cell, target in zip(row.cells, right, strict=True):
            goal = view.targets_of(target.selector) or target.targets(view)
            said = []
            for one, other in pairs(view, bits, goal):
                if one not in reached:
                    reached[one] = view.reached_from(one)
                said.append(bool(reached[one] >> other & 1))
            if cell.own:
                assert any(said)
            else:
                assert any(said) == bool(cell.some)
                assert (bool(said) and all(said)) == bool(cell.every)


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
