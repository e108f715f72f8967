"""Gains that somebody agreed to: a line covers what lies wholly inside it, and nothing that goes beyond."""

from __future__ import annotations

import pytest

from aclc.reach.difference.accepted import parse_accepted
from aclc.reach.difference.diff import diff
from aclc.source import Source
from tests.oracles.cases import Json
from tests.reach.engine import policy_of

BASE: Json = {
    "groups": {"group:eng": ["ann@x.com", "bob@x.com"], "group:ops": ["ann@x.com"]},
    "tagOwners": {"tag:web": [], "tag:db": []},
    "grants": [],
}


def stops(change: Json, *lines: str) -> bool:
    """Tell whether a gate stops at what a policy gains by a change, with some lines agreed to."""
    accepted = parse_accepted(Source("allowed", "\n".join(f"allow {line}" for line in lines)))
    assert accepted.value is not None
    assert not accepted.diagnostics
    return diff(policy_of(BASE), policy_of({**BASE, **change}), None, accepted.value).gives_access


def grant(src: str, dst: str, ip: str) -> Json:
    return {"grants": [{"src": [src], "dst": [dst], "ip": [ip]}]}


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("group:eng -> tag:web on tcp 80-90", False),
        ("group:eng -> tag:web on tcp 70-100", False),
        ("group:eng, group:ops -> tag:web, tag:db on tcp 80-90, udp 53", False),
        ("* -> * on tcp", False),
        ("group:eng -> tag:web", False),
        ("group:eng -> tag:web on tcp 80-89", True),
        ("group:eng -> tag:web on tcp 81-90", True),
        ("group:eng -> tag:web on tcp 85", True),
        ("group:eng -> tag:web on tcp 80-84, tcp 86-90", True),
        ("group:eng -> tag:web on udp 80-90", True),
        ("group:eng -> tag:db on tcp 80-90", True),
        ("group:ops -> tag:web on tcp 80-90", True),
        ("ssh group:eng -> tag:web", True),
        ("app group:eng -> tag:web", True),
    ],
)
def test_a_line_covers_connections_inside_it(line: str, stopped: bool) -> None:
    assert stopped == stops(grant("group:eng", "tag:web", "tcp:80-90"), f"{line}", "group:eng -> tag:web on icmp")


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("ssh group:eng -> tag:web as root, ubuntu", False),
        ("ssh group:eng -> tag:web as root, ubuntu, other", False),
        ("ssh group:eng -> tag:web", False),
        ("ssh group:eng -> tag:web as root", True),
        ("ssh group:eng -> tag:web as ubuntu", True),
        ("ssh group:ops -> tag:web as root, ubuntu", True),
        ("ssh group:eng -> tag:db as root, ubuntu", True),
        ("group:eng -> tag:web", True),
    ],
)
def test_a_line_covers_sessions_inside_it(line: str, stopped: bool) -> None:
    rule = {"action": "accept", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root", "ubuntu"]}

    assert stopped == stops({"ssh": [rule]}, line)


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("app group:eng -> tag:web as x.com/cap/a", False),
        ("app group:eng -> tag:web, tag:db as x.com/cap/a, x.com/cap/b", False),
        ("app group:eng -> tag:web", False),
        ("app group:eng -> tag:db as x.com/cap/a", True),
        ("app group:ops -> tag:web as x.com/cap/a", True),
        ("app group:eng -> tag:web as x.com/cap/b", True),
        ("attr group:eng -> x.com/cap/a", True),
    ],
)
def test_a_line_covers_capabilities_inside_it(line: str, stopped: bool) -> None:
    given = {"src": ["group:eng"], "dst": ["tag:web"], "app": {"x.com/cap/a": [{}]}}

    assert stopped == stops({"grants": [given]}, line)


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("attr tag:web -> funnel", False),
        ("attr tag:web, tag:db -> funnel, other", False),
        ("attr tag:db -> funnel", True),
        ("attr tag:web -> other", True),
    ],
)
def test_a_line_covers_attributes_inside_it(line: str, stopped: bool) -> None:
    assert stopped == stops({"nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel"]}]}, line)


@pytest.mark.parametrize(
    ("lines", "stopped"),
    [
        (("apply group:eng -> tag:web, tag:db",), False),
        (("apply group:eng -> tag:web",), True),
        (("apply group:ops -> tag:web, tag:db",), True),
        (("offer group:eng -> tag:web, tag:db",), True),
        (("apply group:eng, group:ops -> tag:web, tag:db, tag:other",), False),
    ],
)
def test_a_line_covers_tags_that_it_lists(lines: tuple[str, ...], stopped: bool) -> None:
    owners = {"tag:web": ["group:eng"], "tag:db": ["group:eng"]}

    assert stopped == stops({"tagOwners": owners}, *lines)


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("offer tag:web -> 10.0.0.0/16, exit node", False),
        ("offer tag:web -> 10.0.0.0/16", True),
        ("offer tag:web -> exit node", True),
        ("offer tag:db -> 10.0.0.0/16, exit node", True),
        ("apply tag:web -> 10.0.0.0/16, exit node", True),
    ],
)
def test_a_line_covers_offers_that_it_lists(line: str, stopped: bool) -> None:
    approvers = {"routes": {"10.0.0.0/16": ["tag:web"]}, "exitNode": ["tag:web"]}

    assert stopped == stops({"autoApprovers": approvers}, line)
