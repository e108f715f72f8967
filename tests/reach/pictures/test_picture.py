"""Pictures: boxes that nothing tells apart are one, crowds are one box, and what is left out is counted."""

from __future__ import annotations

import pytest

from aclc.reach.graph.access import Access, accesses
from aclc.reach.pictures.focus import focused
from aclc.reach.pictures.node_picture import node_picture
from aclc.reach.pictures.picture import Line, Picture, kind_of, picture, selector_picture, widest
from aclc.reach.population.principals import principal
from aclc.reach.words.rule_naming import RuleNaming
from aclc.reach.words.setting import setting
from tests.properties.strategies import Json
from tests.reach.engine import policy_of, space_of

HTTPS = ((6, 443, 443),)


def access(sources: int = 1, targets: int = 1) -> Access:
    return Access(sources, targets, HTTPS, own=False, grants=(0,))


def drawn(picture: Picture) -> list[tuple[list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """Give each flow with the names in the boxes on both sides."""
    return [
        ([picture.boxes[at].names for at in flow.sources], [picture.boxes[at].names for at in flow.targets])
        for flow in picture.flows
    ]


def test_names_on_the_same_sides_of_the_same_flows_share_a_box() -> None:
    found = picture(
        [
            Line(("group:a", "group:b"), ("tag:x", "tag:y"), access()),
            Line(("group:a", "group:b", "group:c"), ("tag:z",), access()),
        ]
    )
    assert [
        ([("group:a", "group:b")], [("tag:x", "tag:y")]),
        ([("group:a", "group:b"), ("group:c",)], [("tag:z",)]),
    ] == drawn(found)


def test_people_and_machines_never_share_a_box() -> None:
    found = picture([Line(("group:a", "tag:ci"), ("tag:x",), access())])

    assert [([("group:a",), ("tag:ci",)], [("tag:x",)])] == drawn(found)


def test_a_crowd_is_one_box_and_keeps_nobody_else_apart() -> None:
    tags = tuple(f"tag:{number}" for number in range(12))
    lines = [Line((f"group:{tag}",), (tag,), access()) for tag in tags]
    found = picture([*lines, Line(("tag:monitor",), tags, access())])

    assert ([("tag:monitor",)], [tags]) == drawn(found)[-1]
    assert ([("group:tag:0",)], [("tag:0",)]) == drawn(found)[0]


def test_what_changes_and_what_is_wide_is_drawn_first() -> None:
    rows = [(access(0b1, 0b1), "same"), (access(0b111, 0b11), "same"), (access(0b1, 0b1), "gained")]

    assert [1, 2] == widest(rows, 2)  # type: ignore[arg-type]  # the states are literals
    assert [0, 1, 2] == widest(rows, 0)  # type: ignore[arg-type]  # the same


def test_left_out_flows_are_counted() -> None:
    lines = [Line((f"group:{number}",), ("tag:x",), access()) for number in range(5)]

    assert (3, 2) == (len(picture(lines, 3).flows), picture(lines, 3).left_out)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("*", "anyone"),
        ("group:eng", "people"),
        ("ada@example.com", "people"),
        ("autogroup:member", "people"),
        ("group:eng (if posture:latest)", "people"),
        ("tag:web", "machines"),
        ("autogroup:tagged", "machines"),
        ("autogroup:internet (through tag:exit)", "internet"),
        ("vpc", "network"),
        ("10.0.0.0/8", "network"),
        ("ipset:prod", "network"),
        ("their own devices", "own"),
        ("device of any other user", "other"),
    ],
)
def test_kinds_of_names(name: str, kind: str) -> None:
    assert kind == kind_of(name)


CHAIN = {
    "tagOwners": {"tag:a": [], "tag:b": [], "tag:c": []},
    "grants": [
        {"src": ["x@example.com"], "dst": ["tag:a"], "ip": ["tcp:1"]},
        {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["tcp:2"]},
        {"src": ["tag:b"], "dst": ["tag:c"], "ip": ["tcp:3"]},
        {"src": ["tag:c"], "dst": ["tag:a"], "ip": ["tcp:4"]},
    ],
}


def ports(policy: Json, depth: int, source: str | None = None, target: str | None = None) -> list[int]:
    """Give the port of each row in focus, which names the rule."""
    read = policy_of(policy)
    view = setting([read], None).view(read)
    left = principal(source, read, None).sources(view) if source else None
    right = principal(target, read, None).targets(view) if target else None
    return sorted(row.services[0][1] for row in focused(view, left, right, depth))


def test_depth_goes_on_from_what_is_reached() -> None:
    assert [1] == ports(CHAIN, 1, "x@example.com")
    assert [1, 2] == ports(CHAIN, 2, "x@example.com")
    assert [1, 2, 3] == ports(CHAIN, 3, "x@example.com")


def test_depth_goes_back_from_a_target() -> None:
    assert [3] == ports(CHAIN, 1, None, "tag:c")
    assert [2, 3] == ports(CHAIN, 2, None, "tag:c")


def test_between_two_only_the_ways_that_lead_there_are_drawn() -> None:
    assert [] == ports(CHAIN, 1, "x@example.com", "tag:b")
    assert [1, 2] == ports(CHAIN, 2, "x@example.com", "tag:b")
    assert [1, 2, 3] == ports(CHAIN, 3, "x@example.com", "tag:c")


TAILNET = {
    "schema_version": 1,
    "users": [{"login": "x@example.com"}],
    "nodes": [
        {"name": "laptop", "user": "x@example.com", "addresses": ["100.64.0.1"]},
        {"name": "a1", "tags": ["tag:a"], "addresses": ["100.64.0.2"]},
        {"name": "a2", "tags": ["tag:a"], "addresses": ["100.64.0.3"]},
        {
            "name": "r",
            "tags": ["tag:b"],
            "addresses": ["100.64.0.4"],
            "advertised_routes": ["10.0.0.0/8"],
            "approved_routes": ["10.0.0.0/8"],
        },
    ],
}


def test_nodes_that_no_flow_tells_apart_share_a_box() -> None:
    policy = {
        **CHAIN,
        "grants": [
            {"src": ["x@example.com"], "dst": ["tag:a", "10.0.0.0/8"], "ip": ["tcp:1"]},
            {"src": ["x@example.com"], "dst": ["autogroup:self"], "ip": ["*"]},
        ],
    }
    view = space_of([policy], TAILNET).views[0]
    found = node_picture(view, accesses(view))

    assert [
        ([("laptop",)], [("a1", "a2"), ("10.0.0.0/8 behind r",)]),
        ([("laptop",)], [("their own devices",)]),
    ] == drawn(found)


def test_selectors_are_boxes() -> None:
    view = space_of([CHAIN], TAILNET).views[0]
    found = selector_picture(accesses(view), RuleNaming(view))

    assert [([("x@example.com",)], [("tag:a",)]), ([("tag:a",)], [("tag:b",)])] == drawn(found)


def test_a_connection_that_is_met_on_two_ways_is_one() -> None:
    """Of those who reach something in one connection, and of all who are reached on the way, it is one and the same."""
    policy = {
        "groups": {"group:eng": ["a@x.com", "b@x.com"]},
        "tagOwners": {"tag:t": []},
        "grants": [
            {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]},
            {"src": ["a@x.com"], "dst": ["tag:t"], "ip": ["tcp:443"]},
        ],
    }
    read = policy_of(policy)
    eng = principal("group:eng", read, None)
    view = setting([read], None, [eng.selector]).view(read)
    rows = focused(view, eng.sources(view), None, 3)

    assert 1 == sum(row.services == HTTPS for row in rows)
