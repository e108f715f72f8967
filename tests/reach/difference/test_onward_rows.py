"""What new sessions lead to: everything that they do, nothing that was had, and an example that is a way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from aclc.net import TCP
from aclc.reach.difference.causes import RulePairs
from aclc.reach.difference.diff import diff
from aclc.reach.difference.onward_rows import Onward, onward_rows
from aclc.reach.difference.review import review_rows
from aclc.reach.difference.session_rows import session_rows
from aclc.reach.graph.service_sets import ICMP, opens_some
from aclc.reach.graph.space import Space, View
from aclc.reach.powers.pivots import SSH_PORT
from aclc.reach.powers.ssh import ssh_edges
from aclc.reach.words.setting import setting
from aclc.reports.diff_blocks import blocks
from aclc.reports.diff_json import diff_document
from aclc.resolve.node_sets import indices_of, node_set
from tests.properties.strategies import Json, of_worlds, policies, tailnets
from tests.reach.changing import corner_services
from tests.reach.engine import policy_of, tailnet_of
from tests.reports.schemas import DIFF


def compared(old: Json, new: Json, tailnet: Json) -> tuple[Space, Onward]:
    pair = policy_of(old), policy_of(new)
    ground = setting(pair, tailnet_of(tailnet))
    space = ground.space(pair)
    rules = RulePairs(*pair)
    return space, onward_rows(ground, space, session_rows(ground, space, rules), review_rows(ground, space, rules))


def may_pass(view: View, nodes: int, target: int, protocol: int, port: int) -> bool:
    """Tell whether a packet from some node passes, asked edge by edge."""
    own = view.sources.of_nodes(nodes) & view.sources.families[0 if view.targets.items[target].family == 4 else 1]
    return any(src & own and edge.opens(protocol, port) for edge, src in view.edges_to(target))


def logs_in(view: View, source: int) -> Iterator[int]:
    """Give the machines on which a node may open a session by name, port 22 being open."""
    for edge in ssh_edges(view.resolved):
        if (edge.sources if edge.logins else edge.own_name) >> source & 1:
            for machine in indices_of(edge.targets):
                targets = indices_of(view.targets.of_nodes(1 << machine))
                if any(may_pass(view, 1 << source, target, TCP, SSH_PORT) for target in targets):
                    yield machine


def taken(view: View, start: int) -> int:
    """Give the machines that some nodes get control of, themselves included."""
    known, waiting = start, indices_of(start)
    while waiting:
        for machine in logs_in(view, waiting.pop()):
            if not known >> machine & 1:
                known |= 1 << machine
                waiting.append(machine)
    return known


Told = set[tuple[int, int, tuple[int, int]]]
"""Source, target, service."""


def told(found: Onward, services: list[tuple[int, int]], *, gained: bool) -> Told:
    return {
        (source, target, service)
        for row in found.rows
        if row.gained is gained
        for source in indices_of(row.sources)
        for target in indices_of(row.targets)
        for service in services
        if row.services and (service[0] == ICMP or opens_some(row.services, ((*service, service[1]),)))
    }


def led_to(opening: View, other: View, services: list[tuple[int, int]]) -> Told:
    """Give what sessions that one policy allows and the other does not lead to, machine by machine. What one's own
    devices are for is left aside."""
    found: Told = set()
    for source in indices_of(opening.resolved.names.everyone & ~opening.resolved.names.shared):
        had = taken(other, 1 << source)
        fresh = [machine for machine in logs_in(opening, source) if not had >> machine & 1]
        theirs = taken(opening, node_set(fresh))
        for machine in fresh:
            there = taken(opening, 1 << machine)
            beyond = opening.live & ~opening.targets.of_nodes(theirs) & ~opening.targets.at_nodes(1 << source)
            found.update(
                (source, target, service)
                for target in indices_of(beyond)
                for service in services
                if may_pass(opening, there, target, *service)
                and not may_pass(opening, 1 << source, target, *service)
                and not may_pass(other, had, target, *service)
            )
    return found


@settings(of_worlds, max_examples=max(of_worlds.max_examples // 4, 8))
@given(old=policies(), new=policies(), tailnet=tailnets())
def test_rows_are_what_new_sessions_lead_to_and_what_led_to_those_that_are_gone(
    old: Json, new: Json, tailnet: Json
) -> None:
    """Compared with machines that are gone through one by one; nothing is called lost that is still reached."""
    new = {**old, "ssh": new.get("ssh")} if new.get("ssh") else new
    space, found = compared(old, new, tailnet)
    before, after = space.views
    services = corner_services((before, after))[::8]
    assert set() == led_to(after, before, services) - told(found, services, gained=True)
    assert set() == led_to(before, after, services) - told(found, services, gained=False)
    for row in found.rows:
        opening, other = (after, before) if row.gained else (before, after)
        for source in indices_of(row.sources)[:3]:
            there = taken(opening, 1 << source)
            assert len(row.way) >= (1 if not row.services else 2)
            assert not row.machines & ~there
            left = taken(other, 1 << source) if not row.gained else 0
            for target in indices_of(row.targets)[:3]:
                if row.services:
                    assert may_pass(opening, there, target, *row.services[0][:2]), row
                    assert not left or not may_pass(other, left, target, *row.services[0][:2]), row
                else:
                    assert opening.targets.nodes_in(1 << target) & there, row
                    assert not opening.targets.nodes_in(1 << target) & left, row


BASE: dict[str, Json] = {
    "groups": {"group:eng": ["a@x.com", "b@x.com"], "group:oncall": ["a@x.com"]},
    "tagOwners": {"tag:web": [], "tag:db": [], "tag:vault": []},
}


def grant(src: str, dst: str, *ip: str) -> Json:
    return {"src": [src], "dst": [dst], "ip": list(ip)}


def session(src: str, dst: str, login: str = "root") -> Json:
    return {"action": "accept", "src": [src], "dst": [dst], "users": [login]}


GRANTS = [
    grant("group:eng", "tag:web", "tcp:22"),
    grant("group:oncall", "tag:db", "tcp:5432"),
    grant("tag:web", "tag:db", "tcp:5432"),
]


def rows(old: dict[str, Json], new: dict[str, Json]) -> list[tuple[str, str, str, Json]]:
    """Give (who, through, what, services) of each gain for every tailnet; what is gained is lost on the way back."""
    pair = policy_of({**BASE, **old}), policy_of({**BASE, **new})
    found, back = diff(*pair).onward, diff(*pair[::-1]).onward
    assert found.left_out == 0
    assert [row[1:9] for row in found.rows if row.gained] == [row[1:9] for row in back.rows if not row.gained]
    return [
        (", ".join(row.who.texts), ", ".join(row.through.texts), ", ".join(row.what.texts), list(row.services))
        for row in found.rows
        if row.gained
    ]


def test_a_new_session_leads_to_what_the_machine_reaches_and_its_person_did_not() -> None:
    new = {"grants": GRANTS, "ssh": [session("group:eng", "tag:web")]}

    assert [("b@x.com", "tag:web", "tag:db", [(TCP, 5432, 5432)])] == rows({"grants": GRANTS}, new)


def test_a_session_without_port_22_leads_nowhere_until_that_is_open() -> None:
    entry = [session("group:oncall", "tag:web")]
    closed = {"grants": [grant("tag:web", "tag:vault", "tcp:8200")], "ssh": entry}
    opened = {"grants": [*closed["grants"], grant("group:oncall", "tag:web", "tcp:22")], "ssh": entry}

    assert [] == rows({"grants": closed["grants"]}, closed)
    assert [("a@x.com", "tag:web", "tag:vault", [(TCP, 8200, 8200)])] == rows(closed, opened)


def test_sessions_lead_to_further_ones_and_on_from_there() -> None:
    grants = [*GRANTS, grant("tag:web", "tag:db", "tcp:22"), grant("tag:db", "tag:vault", "tcp:8200")]
    there = [session("tag:web", "tag:db")]

    assert [
        ("group:eng", "tag:web", "tag:db", []),
        ("group:eng", "tag:web", "tag:vault", [(TCP, 8200, 8200)]),
    ] == rows({"grants": grants, "ssh": there}, {"grants": grants, "ssh": [*there, session("group:eng", "tag:web")]})


def test_what_was_reached_over_another_session_is_no_news() -> None:
    grants = [*GRANTS, grant("group:eng", "tag:vault", "tcp:22"), grant("tag:vault", "tag:db", "tcp:5432")]
    had = [session("group:eng", "tag:vault")]

    assert [] == rows(
        {"grants": grants, "ssh": had}, {"grants": grants, "ssh": [*had, session("group:eng", "tag:web")]}
    )


def test_the_example_names_each_step_and_its_lines() -> None:
    new = policy_of({**BASE, "grants": GRANTS, "ssh": [session("group:eng", "tag:web")]})
    (row,) = diff(policy_of({**BASE, "grants": GRANTS}), new).onward.rows

    assert 2 == len(row.way)
    assert row.way[0].startswith("a device of b@x.com opens SSH to a node with tag:web as root (")
    assert row.way[1].startswith("from a node with tag:web on by ")


def test_rows_are_bounded_and_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aclc.reach.difference.onward_rows.MOST_ROWS", 1)
    grants = [*GRANTS, grant("group:eng", "tag:vault", "tcp:22"), grant("tag:vault", "tag:web", "tcp:8080")]
    new = {**BASE, "grants": grants, "ssh": [session("group:eng", "tag:web"), session("group:eng", "tag:vault")]}
    found = diff(policy_of({**BASE, "grants": grants}), policy_of(new)).onward

    assert (1, True) == (len(found.rows), found.left_out > 0)


def test_what_one_of_many_keeps_by_a_way_of_their_own_is_lost_by_the_others_only() -> None:
    """Where they differ in a port 22 that only some may use."""
    grants = [
        grant("group:eng", "tag:web", "tcp:22"),
        grant("group:oncall", "tag:vault", "tcp:22"),
        *(grant(tag, "tag:db", "tcp:5432") for tag in ("tag:web", "tag:vault")),
    ]
    jump = [session("group:eng", "tag:vault")]
    old = policy_of({**BASE, "grants": grants, "ssh": [*jump, session("group:eng", "tag:web")]})
    found = diff(old, policy_of({**BASE, "grants": grants, "ssh": jump}))
    told = [(row.gained, row.who.texts, row.what.texts) for row in found.onward.rows]

    assert [(False, ("b@x.com",), ("tag:db",))] == told
    assert not found.gives_access


def test_an_example_of_a_loss_says_that_it_was_before() -> None:
    old = policy_of({**BASE, "grants": GRANTS, "ssh": [session("group:eng", "tag:web")]})
    found = diff(old, policy_of({**BASE, "grants": GRANTS}))
    (row,) = next(block for block in blocks(found) if block.key == "onward").rows

    assert ("loses", ("b@x.com",), ("tag:db",)) == (row.sense, row.who, row.what)
    assert row.example.startswith("until now, a device of b@x.com opens SSH to a node with tag:web as root (")
    assert [1, 0] == [len(diff_document(found)["through_sessions"][change]) for change in ("lost", "gained")]
    DIFF.validate(diff_document(found))
