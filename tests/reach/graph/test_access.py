"""Rectangles of access: together exactly what the rules open, none inside another."""

from __future__ import annotations

from hypothesis import given

from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.space import View
from tests.properties.oracle import World
from tests.properties.strategies import of_worlds, worlds
from tests.reach.changing import all_pairs, corner_services
from tests.reach.engine import space_of, view_of

TAILNET = {
    "schema_version": 1,
    "users": [{"login": "a@example.com"}, {"login": "b@example.com"}],
    "nodes": [
        {"name": "a1", "user": "a@example.com", "addresses": ["100.64.0.1"]},
        {"name": "a2", "user": "a@example.com", "addresses": ["100.64.0.2"]},
        {"name": "b1", "user": "b@example.com", "addresses": ["100.64.0.3"]},
        {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.4"]},
    ],
}
TAGS: dict[str, dict[str, list[str]]] = {"tagOwners": {"tag:web": [], "tag:db": []}}


def opened(view: View, rows: tuple[Access, ...], source: int, target: int, protocol: int, port: int) -> bool:
    """Tell whether some rectangle lets a first packet through."""
    one, other = view.sources.items[source].node, view.targets.items[target]
    owners, members = view.resolved.names.owners, view.resolved.names.members
    same = (
        one is not None
        and other.node is not None
        and other.kind == "own"
        and members >> one & 1 == members >> other.node & 1 == 1
        and owners[one] == owners[other.node]
    )
    return any(
        row.sources >> source & 1
        and row.targets >> target & 1
        and (same or not row.own)
        and (protocol == 1 or any(each == protocol and low <= port <= high for each, low, high in row.services))
        for row in rows
    )


@of_worlds
@given(world=worlds())
def test_rectangles_open_exactly_what_the_rules_open(world: World) -> None:
    space = space_of([world.policy], world.tailnet)
    view = space.views[0]
    rows = accesses(view)
    services = corner_services((view,))
    for number, (source, target) in enumerate(all_pairs(space)):
        # WHY some only: every pair with every service would take long, and any pair is as good as another.
        for protocol, port in services[number % 3 :: 3]:
            expected = view.allows(source, target, protocol, port)
            assert expected == opened(view, rows, source, target, protocol, port), (source, target, protocol, port)


@of_worlds
@given(world=worlds())
def test_asking_about_a_part_gives_that_part(world: World) -> None:
    space = space_of([world.policy], world.tailnet)
    view = space.views[0]
    sources = (view.sources.families[0] | view.sources.families[1]) // 3
    targets = view.live // 5
    rows = accesses(view, sources, targets)
    for source, target in all_pairs(space):
        asked = sources >> source & 1 and targets >> target & 1
        expected = bool(asked) and view.allows(source, target, 1, 0)
        assert expected == opened(view, rows, source, target, 1, 0)


def test_rules_that_differ_in_one_side_are_one_row() -> None:
    policy = {
        **TAGS,
        "grants": [
            {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443", "tcp:80"]},
            {"src": ["b@example.com"], "dst": ["tag:web"], "ip": ["tcp:80", "tcp:443"]},
        ],
    }
    view = space_of([policy], TAILNET).views[0]

    (row,) = accesses(view)

    assert ((6, 80, 80), (6, 443, 443)) == row.services
    assert (0, 1) == row.grants
    assert 3 == view.sources.nodes_in(row.sources).bit_count()


def test_a_row_inside_another_is_left_out() -> None:
    policy = {
        **TAGS,
        "grants": [
            {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["autogroup:member"], "dst": ["*"], "ip": ["tcp:400-500"]},
        ],
    }
    (row,) = accesses(space_of([policy], TAILNET).views[0])

    assert (1,) == row.grants


def test_a_port_that_is_asked_about_leaves_the_rest_out() -> None:
    policy = {**TAGS, "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:400-500", "udp:53"]}]}
    view = space_of([policy], TAILNET).views[0]

    assert [((6, 443, 443),)] == [row.services for row in accesses(view, asked=((6, 443, 443),))]
    assert () == accesses(view, asked=((6, 22, 22),))


def test_own_devices_of_somebody_are_theirs_alone() -> None:
    policy = {**TAGS, "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
    view = space_of([policy], TAILNET).views[0]

    (row,) = accesses(view, view.sources.of_nodes(0b0001))

    assert row.own
    assert 0b0011 == view.targets.nodes_in(row.targets)


def test_a_policy_that_allows_nothing_has_no_rows() -> None:
    assert () == accesses(view_of(World({"grants": []}, TAILNET)))
