"""Every selector in every position: refused exactly where the dialect does not take it, and by one rule."""

from __future__ import annotations

import json

import pytest

from aclc.diagnostics import Severity
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.uses import POSITIONS, Uses
from aclc.policy.read_hujson import read_policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.source import Source
from tests.lint.checking import diagnose

SELECTORS = (
    "*",
    "a@x.com",
    "user:*@x.com",
    "localpart:*@x.com",
    "group:g",
    "tag:t",
    "nas",
    "10.0.0.1",
    "10.0.0.0/8",
    "fd00::/64",
    "10.0.0.1-10.0.0.9",
    "ipset:s",
    "svc:wiki",
    "host:nas",
    "posture:p",
    *TAILSCALE.autogroups,
    "autogroup:bogus",
)
"""One of each kind, all of them defined."""


def policy_with(position: str, item: str) -> str:
    """Give a policy that is fine but for the item at the position."""
    people = ["a@x.com"]
    policy: dict[str, object] = {
        "groups": {"group:g": people},
        "tagOwners": {"tag:t": []},
        "hosts": {"nas": "10.0.0.1"},
        "ipsets": {"ipset:s": ["10.0.0.0/8"]},
        "postures": {"posture:p": ["node:os == 'linux'"]},
        "grants": [],
    }
    acl = {"action": "accept", "src": people, "dst": ["tag:t:22"]}
    grant = {"src": people, "dst": ["tag:t"], "ip": ["*"]}
    ssh = {"action": "accept", "src": people, "dst": ["tag:t"], "users": ["root"]}
    test = {"src": "a@x.com", "dst": ["tag:t"], "accept": ["root"]}
    match position:
        case "acls.src":
            policy["acls"] = [{**acl, "src": [item]}]
        case "acls.dst":
            policy["acls"] = [{**acl, "dst": [f"{item}:22"]}]
        case "grants.src" | "grants.dst" | "grants.via":
            policy["grants"] = [{**grant, position.partition(".")[2]: [item]}]
        case "ssh.src" | "ssh.dst" | "ssh.recorder":
            policy["ssh"] = [{**ssh, position.partition(".")[2]: [item]}]
        case "sshTests.src":
            policy["sshTests"] = [{**test, "src": item}]
        case "sshTests.dst":
            policy["sshTests"] = [{**test, "dst": [item]}]
        case "nodeAttrs.target":
            policy["nodeAttrs"] = [{"target": [item], "attr": ["funnel"]}]
        case "autoApprovers":
            policy["autoApprovers"] = {"exitNode": [item]}
        case "tagOwners":
            policy["tagOwners"] = {"tag:t": [], "tag:u": [item]}
        case "groups":
            policy["groups"] = {"group:g": people, "group:h": [item]}
        case "ipsets":
            policy["ipsets"] = {"ipset:s": ["10.0.0.0/8"], "ipset:u": [item]}
        case "attrConfig.broadcastToPeers":
            policy["attrConfig"] = {"custom:a": {"type": "string", "broadcastToPeers": [item]}}
        case _:
            raise AssertionError(position)
    return json.dumps(policy)


def taken(position: str, selector: Selector) -> bool:
    """Tell what the table of the dialect says."""
    law = TAILSCALE.positions[position]
    if selector.kind == "autogroup":
        return selector.kind in law.kinds and selector.name in law.autogroups
    too_wide = selector.prefix is not None and not selector.prefix.is_single and not law.cidr
    return selector.kind in law.kinds and not too_wide


@pytest.mark.parametrize("position", POSITIONS)
def test_one_rule_refuses_what_a_position_does_not_take(position: str) -> None:
    for item in SELECTORS:
        found = diagnose(policy_with(position, item))
        errors = [each for each in found if each.severity is Severity.ERROR]
        expected = 0 if taken(position, parse_selector(item)) else 1
        assert len(errors) == expected, (item, [each.message for each in errors])


def test_the_positions_are_those_of_the_dialect() -> None:
    """What stands in `tests` is for the tests to say."""
    assert sorted(POSITIONS) == sorted(TAILSCALE.positions.keys() - {"tests.src", "tests.dst"})


def test_equal_selectors_are_kept_once_with_all_their_places() -> None:
    text = """{"grants": [{"src": ["tag:a", " tag:a"], "dst": ["*"], "ip": ["*"]},
                          {"src": ["tag:b", 7, "tag:a"], "dst": ["*"], "ip": ["*"]}]}"""
    policy = read_policy(Source("policy.hujson", text)).value
    assert policy is not None
    uses = Uses(policy)
    assert [selector.text for selector in uses.at("grants.src", "tag")] == ["tag:a", "tag:b"]
    assert [place.path for place in uses.places("grants.src", parse_selector("tag:a"))] == [
        ("grants", 0, "src", 0),
        ("grants", 0, "src", 1),
        ("grants", 1, "src", 2),
    ]
    assert uses.places("grants.dst", parse_selector("tag:a")) == ()
