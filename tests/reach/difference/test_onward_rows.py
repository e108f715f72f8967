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
from aclc.resolve.node_sets import indices_of, node_set
from tests.properties.strategies import Json, of_worlds, policies, tailnets
from tests.reach.changing import corner_services
from tests.reach.engine import policy_of, tailnet_of


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


@settings(of_worlds, max_examples=max(of_worlds.max_examples // 4, 8))
@given(old=policies(), new=policies(), tailnet=tailnets())
def test_rows_are_what_new_sessions_lead_to(old: Json, new: Json, tailnet: Json) -> None:
    """Compared with machines that are gone through one by one. What one's own devices are for is left aside."""
    new = {**old, "ssh": new.get("ssh")} if new.get("ssh") else new
    space, found = compared(old, new, tailnet)
    before, after = space.views
    shared = after.resolved.names.shared
    services = corner_services((before, after))[::8]
    told = {
        (source, target, service)
        for row in found.rows
        for source in indices_of(row.sources)
        for target in indices_of(row.targets)
        for service in services
        if row.services and (service[0] == ICMP or opens_some(row.services, ((*service, service[1]),)))
    }
    for source in indices_of(after.resolved.names.everyone & ~shared):
        had = taken(before, 1 << source)
        fresh = [machine for machine in logs_in(after, source) if not had >> machine & 1]
        theirs = taken(after, node_set(fresh))
        for machine in fresh:
            there = taken(after, 1 << machine)
            beyond = after.live & ~after.targets.of_nodes(theirs) & ~after.targets.at_nodes(1 << source)
            for target in indices_of(beyond):
                for service in services:
                    new_now = may_pass(after, there, target, *service) and not (
                        may_pass(after, 1 << source, target, *service) or may_pass(before, had, target, *service)
                    )
                    assert not new_now or (source, target, service) in told, (source, machine, target, service)
    for row in found.rows:
        for source in indices_of(row.sources)[:3]:
            there = taken(after, 1 << source)
            assert len(row.way) >= (1 if not row.services else 2)
            assert not row.machines & ~there
            for target in indices_of(row.targets)[:3]:
                if row.services:
                    assert may_pass(after, there, target, *row.services[0][:2]), row
                else:
                    assert after.targets.nodes_in(1 << target) & there, row


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
    """Give (who, through, what, services) for every tailnet."""
    found = diff(policy_of({**BASE, **old}), policy_of({**BASE, **new})).onward
    assert found.left_out == 0
    return [
        (", ".join(row.who.texts), ", ".join(row.through.texts), ", ".join(row.what.texts), list(row.services))
        for row in found.rows
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
