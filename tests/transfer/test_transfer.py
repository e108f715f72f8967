"""A policy taken to another control plane: respelt where that is the same, left out where it is refused, and told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.check import check_source, read_source_text
from aclc.diagnostics import has_errors
from aclc.dialects import HEADSCALE_VERSIONS, dialect_named
from aclc.dialects.dialect import Dialect
from aclc.lint.selection import Selection
from aclc.reach.difference.diff import diff
from aclc.source import Source
from aclc.syntax.comments import hujson_comments
from aclc.tailnet.load import load_tailnets
from aclc.transfer.transfer import Transfer, transfer
from tests.properties.oracle import World
from tests.properties.strategies import worlds

NAMES = {"groups": {"group:eng": ["ann@x.com", "bob@x.com"]}, "tagOwners": {"tag:web": ["group:eng"]}}


def dialect(name: str) -> Dialect:
    found = dialect_named(name)
    assert found is not None
    return found


def taken(text: str, old: str = "tailscale", new: str = "headscale@0.29", language: str = "hujson") -> Transfer:
    name = "policy.aclc" if text.startswith("group") else "policy.hujson"
    policy = read_source_text(Source(name, text), dialect(old)).value
    assert policy is not None
    return transfer(policy, dialect(new), language, f"new.{language}")


def moved(policy: dict[str, Any], old: str = "tailscale", new: str = "headscale@0.29") -> tuple[Transfer, Any]:
    """Give the transfer of a policy with some names, and the value of what is written."""
    found = taken(json.dumps({**NAMES, **policy}), old, new)
    return found, None if found.source is None else json.loads(found.source.text)


def grant(*src: str, dst: str = "tag:web", ip: str = "tcp:443", **more: Any) -> dict[str, Any]:
    return {"src": list(src), "dst": [dst], "ip": [ip], **more}


@pytest.mark.parametrize(
    ("policy", "key", "expected"),
    [
        (
            {"acls": [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:*"], "proto": "icmpv4"}]},
            "acls",
            [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:*"], "proto": "icmp"}],
        ),
        (
            {"acls": [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:22"], "proto": "icmp"}]},
            "acls",
            [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:*"], "proto": "icmp"}],
        ),
        (
            {"acls": [{"action": "accept", "users": ["group:eng"], "ports": ["tag:web:22"]}]},
            "acls",
            [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:22"]}],
        ),
        ({"grants": [grant("group:eng", ip="dccp:*")]}, "grants", [grant("group:eng", ip="33:*")]),
        (
            {"grants": [grant("group:eng", dst="ipset:dc")], "ipsets": {"ipset:dc": ["10.0.0.0/8"]}},
            "grants",
            [grant("group:eng", dst="10.0.0.0/8")],
        ),
        (
            {"grants": [grant("group:eng")], "postures": {"posture:x": ["node:os == 'linux'"]}, "ipsets": {}},
            "grants",
            [grant("group:eng")],
        ),
        (
            {
                "grants": [],
                "ssh": [
                    {
                        "action": "accept",
                        "src": ["group:eng"],
                        "dst": ["tag:web"],
                        "users": ["root"],
                        "checkPeriod": "1h",
                    }
                ],
            },
            "ssh",
            [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]}],
        ),
    ],
)
def test_what_headscale_takes_in_another_spelling_is_spelled_so_and_means_the_same(
    policy: dict[str, Any], key: str, expected: list[Any]
) -> None:
    found, value = moved(policy)

    assert found.respelt
    assert found.is_the_same
    assert {**NAMES, key: expected} == {name: each for name, each in value.items() if name in {*NAMES, key}}


@pytest.mark.parametrize(
    ("policy", "key", "expected"),
    [
        (
            {"grants": [grant("group:eng", ip="tcp:80,443")]},
            "grants",
            [{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:80", "tcp:443"]}],
        ),
        (
            {"acls": [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:*"], "proto": "fc"}]},
            "acls",
            [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web:*"], "proto": "133"}],
        ),
    ],
)
def test_the_other_way_round_too(policy: dict[str, Any], key: str, expected: list[Any]) -> None:
    found, value = moved(policy, "headscale@0.29", "tailscale")

    assert found.is_the_same
    assert expected == value[key]


def test_a_key_that_is_a_comment_to_headscale_becomes_a_comment() -> None:
    text = '{"acls": [{"#ha-meta": {"a": "*/"}, "action": "accept", "src": ["*"], "dst": ["*:*"]}]}'

    found = taken(text, "headscale@0.30", "tailscale")

    assert found.source is not None
    assert (
        '{"acls": [/* #ha-meta: {"a": "* /"} */ {"action": "accept", "src": ["*"], "dst": ["*:*"]}]}'
        == found.source.text
    )


def test_what_both_take_alike_stays_as_it_is_byte_for_byte() -> None:
    text = '{"grants":[{"src":["ann@x.com"],"dst":["10.0.0.0/8"],"ip":["tcp:22"]},\n/* c */],}'

    found = taken(text)

    assert found.is_the_same
    assert found.source is not None
    assert (text, (), ()) == (found.source.text, found.respelt, found.omissions)


@pytest.mark.parametrize(
    ("policy", "key", "expected", "words"),
    [
        (
            {"grants": [grant("autogroup:admin", "group:eng")]},
            "grants",
            [grant("group:eng")],
            ["`autogroup:admin` is left out of `src`"],
        ),
        ({"grants": [grant("autogroup:admin")]}, "grants", [], ["`autogroup:admin` is left out of `src`"]),
        (
            {
                "grants": [grant("ann@x.com", srcPosture=["posture:x"]), grant("bob@x.com")],
                "postures": {"posture:x": ["node:os == 'linux'"]},
            },
            "grants",
            [grant("bob@x.com")],
            ["the grant is left out", "`postures` is left out"],
        ),
        (
            {
                "grants": [grant("ann@x.com", srcPosture=["posture:x"]), grant("bob@x.com")],
                "defaultSrcPosture": ["posture:x"],
                "postures": {"posture:x": ["node:os == 'linux'"]},
            },
            "grants",
            [],
            ["the grant is left out", "`postures` is left out", "`defaultSrcPosture` is left out"],
        ),
        (
            {"grants": [], "nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel"], "ipPool": ["100.81.0.0/16"]}]},
            "nodeAttrs",
            [],
            ["`funnel` is left out of `attr`", "`ipPool` is left out"],
        ),
        (
            {
                "grants": [],
                "nodeAttrs": [{"target": ["tag:web"], "attr": ["drive:share"], "ipPool": ["100.81.0.0/16"]}],
            },
            "nodeAttrs",
            [{"target": ["tag:web"], "attr": ["drive:share"]}],
            ["`ipPool` is left out"],
        ),
        (
            {
                "grants": [],
                "ssh": [
                    {
                        "action": "accept",
                        "src": ["group:eng"],
                        "dst": ["tag:web"],
                        "users": ["root"],
                        "recorder": ["tag:web"],
                    }
                ],
            },
            "ssh",
            [],
            ["the ssh rule is left out"],
        ),
        (
            {"grants": [], "autoApprovers": {"exitNode": ["autogroup:admin", "tag:web"]}},
            "autoApprovers",
            {"exitNode": ["tag:web"]},
            ["`autogroup:admin` is left out"],
        ),
    ],
)
def test_what_is_refused_is_left_out_so_that_nobody_gets_more(
    policy: dict[str, Any], key: str, expected: object, words: list[str]
) -> None:
    found, value = moved(policy)

    assert not found.is_the_same
    assert set(words) <= {each.words for each in found.omissions}
    assert all(each.found.control or each.found.help for each in found.omissions)
    assert expected == value[key]
    assert found.difference is not None
    assert not found.difference.gives_access


def test_a_policy_all_of_whose_rules_go_lets_nobody_in() -> None:
    """Without any rules a control plane lets everybody in."""
    capability = {"src": ["group:eng"], "dst": ["tag:web"], "app": {"x.com/cap/a": [{}]}}

    found, value = moved({"grants": [capability]}, "tailscale", "headscale@0.28")

    assert [] == value["acls"]
    assert "grants" not in value
    assert found.after is not None
    assert not found.after.allows_everything_by_default


def test_grants_become_acls_where_there_are_no_grants() -> None:
    text = """{
	"groups": {"group:eng": ["ann@x.com"]},
	"grants": [
		// web
		{"src": ["group:eng"], "dst": ["10.0.0.1", "fd7a::1"], "ip": ["tcp:80", "tcp:443", "22"]}, // behind
		// all
		{"src": ["group:eng"], "dst": ["10.0.0.2"], "ip": ["tcp:1", "*"]},
		// the end
	],
}
"""
    expected = """{
	"groups": {"group:eng": ["ann@x.com"]},
	"acls": [
		// web
		{"action": "accept", "proto": "tcp", "src": ["group:eng"], "dst": ["10.0.0.1:80,443", "fd7a::1:80,443"]},
		{"action": "accept", "src": ["group:eng"], "dst": ["10.0.0.1:22", "fd7a::1:22"]}, // behind
		// all
		{"action": "accept", "src": ["group:eng"], "dst": ["10.0.0.2:*"]},
		// the end
	],
}
"""
    found = taken(text, "tailscale", "headscale@0.28")

    assert found.source is not None
    assert (expected, ("2 grants are written as acls",)) == (found.source.text, found.respelt)
    assert found.difference is not None
    assert not found.difference.changes_access
    assert (1, False) == (len(found.undecided), found.is_the_same)


@pytest.mark.parametrize("acls", ["", '"acls": [{"action": "accept", "src": ["*"], "dst": ["10.9.0.0/16:*"]}],'])
def test_grants_that_become_acls_take_their_comments_along(acls: str) -> None:
    text = """{
	%s
	"grants": [
		// one
		{"src": ["ann@x.com"], "dst": ["10.0.0.1"], "ip": ["tcp:80"]}, // behind one
		{"src": ["ann@x.com"], "dst": ["10.0.0.1"], "app": {"x.com/cap/a": [{}]}},
		// two
		{"src": ["ann@x.com"], "dst": ["10.0.0.2"], "ip": ["*"]},
		// the end
	],
}
"""
    found = taken(text % acls, "tailscale", "headscale@0.28")

    assert found.source is not None
    written = found.source.text
    comments = [text for _, text in hujson_comments(written)]
    assert ["one", "behind one", "two", "the end"] == comments
    assert "app" not in written
    assert "`grants` is left out" in [each.words for each in found.omissions]


def test_ports_of_a_grant_of_capabilities_are_kept_where_capabilities_are_not_known() -> None:
    rule = {"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443"], "app": {"x.com/cap/a": [{}]}}

    found, value = moved({"grants": [rule]}, "tailscale", "headscale@0.28")

    assert [{"action": "accept", "proto": "tcp", "src": ["group:eng"], "dst": ["tag:web:443"]}] == value["acls"]
    assert found.difference is not None
    assert () == found.difference.network
    assert ["x.com/cap/a"] == [row.name for row in found.difference.capabilities]


def test_a_key_given_twice_is_not_guessed_at() -> None:
    text = '{"grants": [], "hosts": {"a": "10.0.0.1"}, "hosts": {"b": "10.0.0.2"}}'

    found = taken(text)

    assert found.after is None
    assert ["duplicate-key"] == [each.code.slug for each in found.refused]


def test_what_the_comparison_does_not_see_is_not_called_the_same() -> None:
    """Headscale drops a grant with `via` and `app` alone, so that its nodes do not see each other by it."""
    rule = {"src": ["group:eng"], "dst": ["tag:web"], "via": ["tag:web"], "app": {"x.com/cap/a": [{}]}}

    found, _ = moved({"grants": [rule]})

    assert not found.is_the_same
    assert ("whether nodes see each other by a grant with `via` and `app` alone is not compared",) == found.undecided


def test_whom_a_short_login_means_is_not_decided() -> None:
    found, _ = moved({"grants": [grant("ann@")]}, "headscale@0.29", "tailscale")

    assert not found.is_the_same
    assert found.difference is not None
    assert "`ann@` is a user's name to one of the control planes" in found.difference.doubts[0]


def test_a_policy_in_the_language_is_told_where_it_is_written() -> None:
    text = "group eng = ann@x.com\nposture x = \"node:os == 'linux'\"\nallow eng -> eng on any when posture x\n"

    found = taken(text)

    assert [("policy.aclc", 2), ("policy.aclc", 3)] == [
        (each.found.span.source.name, each.found.span.source.position(each.found.span.start).line)
        for each in found.omissions
    ]


def test_a_policy_that_opens_nothing_opens_nothing_where_there_are_no_grants() -> None:
    found = taken('{"acls": [], "hosts": {"a": "10.0.0.1"}}', new="headscale@0.28", language="aclc")

    assert found.source is not None
    assert "host a = 10.0.0.1\n" == found.source.text
    assert found.after is not None
    assert ((), False) == (found.after.acls, found.after.allows_everything_by_default)


def test_the_result_can_be_in_the_language() -> None:
    text = json.dumps({**NAMES, "grants": [grant("group:eng", ip="dccp:*")]})

    found = taken(text, language="aclc")

    assert found.is_the_same
    assert found.source is not None
    assert "allow eng -> tag web on 33" in found.source.text


@settings(max_examples=max(settings().max_examples // 20, 5))
@given(world=worlds(), version=st.sampled_from(HEADSCALE_VERSIONS), language=st.sampled_from(["hujson", "aclc"]))
def test_no_policy_gets_more_by_what_is_left_out_and_the_same_is_the_same(
    world: World, version: str, language: str
) -> None:
    """Held on the world's own tailnet: what is told to be the same for every tailnet is so on this one.

    Attributes are no rules: without `disable-ipv4` a node has one more address to be reached at.
    """
    world.policy.pop("nodeAttrs", None)
    new = dialect(f"headscale@{version}")
    policy = read_source_text(Source("policy.hujson", json.dumps(world.policy))).value
    assert policy is not None

    found = transfer(policy, new, language, f"new.{language}")

    tailnet = load_tailnets([Source("net.json", json.dumps(world.tailnet))]).value
    assert found.source is not None
    assert found.after is not None
    assert tailnet is not None
    assert not has_errors(check_source(found.source, None, new, Selection("minimal")).diagnostics)
    if found.is_the_same:
        assert not diff(policy, found.after, tailnet).changes_access
    as_before = read_source_text(found.source, policy.dialect).value
    assert as_before is not None
    assert [] == [row for row in diff(policy, as_before, tailnet).network if row.gained]
