"""`tests`: verdicts beyond those that were captured, messages and places."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy_tests.asking import TAILNET, acl, ask, verdict

ALICE = "alice@example.com"


def tried(rule: dict[str, Any] | list[dict[str, Any]], tailnet: dict[str, Any] | None = None, **test: Any) -> str:
    """Give the verdict on one test of one acl (or several)."""
    return verdict(ask({"acls": rule if isinstance(rule, list) else [rule], "tests": [test]}, tailnet))


@pytest.mark.parametrize(
    ("src", "dst", "expected"),
    [
        (ALICE, "tag:web", "holds"),
        ("group:eng", "tag:web", "holds"),
        ("autogroup:member", "tag:web", "holds"),
        ("user:*@example.com", "tag:web", "holds"),
        ("user:*@example.org", "tag:web", "fails"),
        ("*", "tag:web", "holds"),
        ("autogroup:danger-all", "tag:web", "holds"),
        ("autogroup:tagged", "tag:web", "fails"),
        ("tag:ci", "tag:web", "fails"),
        ("bob@example.com", "tag:web", "fails"),
        ("db", "tag:web", "fails"),
        ("100.64.0.1", "tag:web", "undecided"),
        ("autogroup:admin", "tag:web", "undecided"),
        (ALICE, "*", "holds"),
        (ALICE, "autogroup:tagged", "holds"),
        (ALICE, "tag:db", "fails"),
        (ALICE, "autogroup:self", "fails"),
        (ALICE, "autogroup:internet", "fails"),
        (ALICE, "10.0.0.0/8", "fails"),
        (ALICE, "100.64.0.0/10", "undecided"),
        (ALICE, "fd7a:115c:a1e0::/48", "undecided"),
    ],
)
def test_a_user_reaches_a_tag_by_every_name_that_means_them(src: str, dst: str, expected: str) -> None:
    """Without a tailnet file: no address and no role is known, everything else is."""
    assert expected == tried(acl(src, f"{dst}:443"), src=ALICE, accept=["tag:web:443"])


@pytest.mark.parametrize(
    ("src", "dst", "expected"),
    [
        ("autogroup:admin", "tag:web", "holds"),
        ("autogroup:owner", "tag:web", "fails"),
        ("100.64.0.0/30", "tag:web", "holds"),
        ("100.64.0.1", "tag:web", "fails"),
        ("fd7a:115c:a1e0::1", "tag:web", "fails"),
        (["fd7a:115c:a1e0::1", "100.64.0.2"], "tag:web", "holds"),
        (ALICE, "100.64.0.0/28", "holds"),
        (ALICE, "100.64.0.9", "fails"),
        (ALICE, "tag:db", "fails"),
    ],
)
def test_with_a_tailnet_file_every_device_must_reach_every_device(
    src: str | list[str], dst: str, expected: str
) -> None:
    """Of the two web servers one is a database too. One address of a device is enough."""
    assert expected == tried(acl(src, f"{dst}:443"), TAILNET, src=ALICE, accept=["tag:web:443"])


@pytest.mark.parametrize(
    ("rule_dst", "dst", "expected"),
    [
        ("db:443", "db:443", "holds"),
        ("db:443", "10.0.0.5:443", "holds"),
        ("net:443", "db:443", "holds"),
        ("net:443", "10.0.1.5:443", "fails"),
        ("autogroup:internet:443", "8.8.8.8:443", "holds"),
        ("autogroup:internet:443", "10.0.0.5:443", "fails"),
        ("2001:db8::/32:443", "[2001:db8::7]:443", "holds"),
        ("tag:web:443", "db:443", "fails"),
        ("tag:web:443", "web:443", "undecided"),
        ("svc:pg:5432", "svc:pg:5432", "holds"),
        ("*:443", "svc:pg:443", "holds"),
        ("tag:web:443", "svc:pg:443", "fails"),
        ("group:eng:443", "bob@example.com:443", "holds"),
        ("group:eng:443", "group:eng:443", "holds"),
        ("autogroup:member:443", "bob@example.com:443", "holds"),
        ("bob@example.com:443", "group:eng:443", "fails"),
    ],
)
def test_destinations(rule_dst: str, dst: str, expected: str) -> None:
    assert expected == tried(acl(ALICE, rule_dst), src=ALICE, accept=[dst])


def test_an_address_is_that_of_its_node() -> None:
    assert "holds" == tried(acl(ALICE, "tag:web:443"), TAILNET, src=ALICE, accept=["web:443"])
    assert "fails" == tried(acl(ALICE, "tag:db:443"), TAILNET, src=ALICE, accept=["web:443"])
    assert "holds" == tried(acl("tag:web", "tag:db:443"), TAILNET, src="web", accept=["tag:db:443"])
    assert "undecided" == tried(acl("tag:web", "tag:db:443"), src="web", accept=["tag:db:443"])
    assert "fails" == tried(acl("tag:web", "tag:db:443"), src="db", accept=["tag:db:443"])


def test_a_source_outside_the_tailnet_is_no_star() -> None:
    routed = {
        **TAILNET,
        "nodes": [{"name": "r", "tags": ["tag:ci"], "addresses": ["100.64.0.3"], "approved_routes": ["10.0.0.0/24"]}],
    }
    assert "undecided" == tried(acl("*", "tag:web:443"), src="db", accept=["tag:web:443"])
    assert "fails" == tried(acl("*", "tag:web:443"), TAILNET, src="db", accept=["tag:web:443"])
    assert "holds" == tried(acl("*", "tag:web:443"), routed, src="db", accept=["tag:web:443"])


def test_self_is_the_same_user() -> None:
    rule = acl("autogroup:member", "autogroup:self:*")
    assert "holds" == tried(rule, src=ALICE, accept=[f"{ALICE}:22"], deny=["bob@example.com:22", "tag:web:22"])


@pytest.mark.parametrize(
    ("rule", "test", "expected"),
    [
        ({"src": "autogroup:member"}, {"accept": ["tag:web:443"]}, "undecided"),
        ({"src": "autogroup:member"}, {"deny": ["tag:web:443"]}, "undecided"),
        ({"src": "group:one"}, {"accept": ["tag:web:443"]}, "fails"),
        ({"src": "group:one"}, {"deny": ["tag:web:443"]}, "undecided"),
        ({"src": "*"}, {"deny": ["tag:web:443"]}, "fails"),
        ({"src": "group:eng"}, {"deny": ["tag:web:443"]}, "fails"),
        ({"src": "tag:ci"}, {"deny": ["tag:web:443"]}, "holds"),
    ],
)
def test_a_group_is_somebody_who_is_in_it_and_nothing_else(
    rule: dict[str, str], test: dict[str, Any], expected: str
) -> None:
    """What rules give members by another name is not settled: policies are deployed whose tests deny it."""
    assert expected == tried(acl(rule["src"], "tag:web:443"), src="group:eng", **test)


@pytest.mark.parametrize(
    ("rule", "proto", "port", "expected"),
    [
        ({}, "", 443, "holds"),
        ({}, "tcp", 443, "holds"),
        ({}, "sctp", 443, "fails"),
        ({"proto": "udp"}, "", 443, "holds"),
        ({"proto": "icmp"}, "", 443, "fails"),
        ({"proto": "udp"}, "UDP", 443, "holds"),
        ({"proto": "17"}, "udp", 443, "holds"),
        ({"proto": "tcp"}, "17", 443, "fails"),
        ({}, "icmp", 0, "holds"),
        ({"proto": "tcp"}, "icmp", 0, "undecided"),
        ({}, "nonsense", 443, "fails"),
        ({}, "", 0, "fails"),
    ],
)
def test_protocols(rule: dict[str, str], proto: str, port: int, expected: str) -> None:
    ports = "*" if rule.get("proto") == "icmp" else "443"
    rules = acl(ALICE, f"tag:web:{ports}", **rule)
    found = (
        verdict(ask({"acls": [rules], "tests": [{"src": ALICE, "accept": [f"tag:web:{port}"], "proto": proto}]}))
        if (proto != "nonsense")
        else "fails"
    )
    assert expected == found


@pytest.mark.parametrize("port", ["443", "400-500", "80,443", "*"])
def test_a_rule_opens_its_ports(port: str) -> None:
    assert "holds" == tried(acl(ALICE, f"tag:web:{port}"), src=ALICE, accept=["tag:web:443"])


def test_grants_count_and_app_alone_does_not() -> None:
    grant = {"src": [ALICE], "dst": ["tag:web"]}
    test = {"src": ALICE, "accept": ["tag:web:443"]}
    assert "holds" == verdict(ask({"grants": [{**grant, "ip": ["tcp:443"]}], "tests": [test]}))
    assert "fails" == verdict(ask({"grants": [{**grant, "app": {"example.com/cap/x": [{}]}}], "tests": [test]}))


def test_via_opens_what_is_behind_routers_and_no_nodes() -> None:
    grant = {"src": [ALICE], "dst": ["net", "tag:web"], "ip": ["443"], "via": ["tag:ci"]}
    assert "holds" == verdict(ask({"grants": [grant], "tests": [{"src": ALICE, "accept": ["db:443"]}]}))
    assert "fails" == verdict(ask({"grants": [grant], "tests": [{"src": ALICE, "accept": ["tag:web:443"]}]}))


def test_without_rules_everything_is_allowed() -> None:
    assert "holds" == verdict(ask({"tests": [{"src": ALICE, "accept": ["tag:web:443"]}]}))
    (found,) = ask({"tests": [{"src": ALICE, "deny": ["tag:web:443"]}]})
    assert [0] == [note.span.start for note in found.notes]


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ({"accept": ["tag:web:443"]}, "a test needs a source"),
        ({"src": ALICE}, "a test needs `accept` or `deny`"),
        ({"src": ALICE, "accept": []}, "a test needs `accept` or `deny`"),
        ({"src": "group:enk", "accept": ["tag:web:443"]}, "group `group:enk` is not defined"),
        ({"src": "tag:none", "accept": ["tag:web:443"]}, "tag `tag:none` is not defined"),
        ({"src": "net", "accept": ["tag:web:443"]}, "`net` is more than one address"),
        ({"src": "*", "accept": ["tag:web:443"]}, "`*` cannot be the source of a test"),
        ({"src": "autogroup:member", "deny": ["tag:web:443"]}, "`autogroup:member` cannot be the source of a test"),
        ({"src": ALICE, "accept": ["tag:web"]}, "`tag:web` has no port"),
        ({"src": ALICE, "accept": ["fd7a::1"]}, "`fd7a::1` has no port"),
        ({"src": ALICE, "accept": ["nothing"]}, "`nothing` has no port"),
        ({"src": ALICE, "deny": ["tag:web:1-9"]}, "`1-9` is not one port"),
        ({"src": ALICE, "deny": ["*:443"]}, "`*` cannot be the destination of a test"),
        ({"src": ALICE, "deny": ["autogroup:self:443"]}, "`autogroup:self` cannot be the destination of a test"),
        ({"src": ALICE, "deny": ["10.0.0.0/8:443"]}, "`10.0.0.0/8` is more than one address"),
        ({"src": ALICE, "deny": ["nohost:443"]}, "host `nohost` is not defined"),
    ],
)
def test_what_cannot_be_tested_fails(test: dict[str, Any], message: str) -> None:
    (found,) = ask({"acls": [], "tests": [test]})
    assert ("TST004", message, "test(s) failed") == (found.code.id, found.message, found.control)


@pytest.mark.parametrize(
    "test",
    [
        {"src": "group:sales@example.com", "accept": ["tag:web:443"]},
        {"src": "group:none", "accept": ["tag:web:443"]},
        {"src": "user:*@example.com", "accept": ["tag:web:443"]},
        {"src": ALICE, "accept": ["autogroup:member:443"]},
    ],
)
def test_what_nobody_knows_is_said_and_not_guessed(test: dict[str, Any]) -> None:
    assert "undecided" == verdict(ask({"tests": [test]}))


def test_somebody_unknown_to_policy_and_tailnet_fails() -> None:
    rule = acl("autogroup:member", "tag:web:443")
    test = {"src": "alise@example.com", "accept": ["tag:web:443"]}
    assert () == ask({"acls": [rule], "tests": [test]})
    (found,) = ask({"acls": [rule], "tests": [test]}, TAILNET)
    assert ("nobody in the tailnet is called `alise@example.com`", "did you mean `alice@example.com`?") == (
        found.message,
        found.help,
    )


def test_a_member_without_a_device_is_tested_all_the_same() -> None:
    """Bob is in the tailnet and has no device; a group names somebody whom the tailnet file does not list."""
    rule = acl("group:eng", "tag:web:443")
    assert () == ask({"acls": [rule], "tests": [{"src": "bob@example.com", "accept": ["tag:web:443"]}]}, TAILNET)
    alone: dict[str, Any] = {"users": [], "nodes": []}
    assert () == ask({"acls": [rule], "tests": [{"src": "bob@example.com", "accept": ["tag:web:443"]}]}, alone)


POSTURES = {"posture:linux": ["node:os == 'linux'"]}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"accept": ["tag:web:443"]}, "fails"),
        ({"accept": ["tag:web:443"], "srcPostureAttrs": {"node:os": "linux"}}, "holds"),
        ({"accept": ["tag:web:443"], "srcPostureAttrs": {"node:os": "windows"}}, "fails"),
        ({"deny": ["tag:web:443"]}, "posture"),
        ({"deny": ["tag:web:443"], "srcPostureAttrs": {"node:os": "windows"}}, "holds"),
        ({"deny": ["tag:web:443"], "srcPostureAttrs": {"node:os": "linux"}}, "fails"),
    ],
)
@pytest.mark.parametrize("by_default", [True, False])
def test_postures(test: dict[str, Any], expected: str, by_default: bool) -> None:
    """A source has the attributes that the test gives it, and no others."""
    own = {} if by_default else {"srcPosture": ["posture:linux"]}
    sections = {"acls": [acl(ALICE, "tag:web:443", **own)], "postures": POSTURES, "tests": [{"src": ALICE, **test}]}
    if by_default:
        sections["defaultSrcPosture"] = ["posture:linux"]
    assert expected == verdict(ask(sections))


def test_a_failure_stands_at_its_item_and_points_to_the_rule() -> None:
    found = ask(
        {
            "acls": [acl(ALICE, "tag:db:5432", "tag:web:80,443"), acl("*", "tag:web:443", proto="tcp")],
            "tests": [{"src": ALICE, "accept": ["tag:web:443", "tag:web:22"], "deny": ["tag:db:22", "tag:web:443"]}],
        }
    )
    accepted, denied = found
    assert ('"tag:web:22"', f"`{ALICE}` cannot reach `tag:web:22`, but should") == (
        accepted.span.text,
        accepted.message,
    )
    assert [
        ('"tag:web:80,443"', "this rule opens only port 80, 443"),
        ('"tag:web:443"', "this rule opens only tcp 443"),
    ] == [(note.span.text, note.text) for note in accepted.notes]
    assert None is accepted.help
    assert ('"tag:web:443"', f"`{ALICE}` can reach `tag:web:443`, but should not") == (denied.span.text, denied.message)
    assert [('"tag:web:80,443"', "allowed here"), ('"tag:web:443"', "allowed here")] == [
        (note.span.text, note.text) for note in denied.notes
    ]


def test_legacy_keys_are_found_again() -> None:
    (found,) = ask({"acls": [], "tests": [{"user": ALICE, "allow": ["tag:web:443"]}]})
    assert ('"tag:web:443"', "no rule has this source and this destination") == (found.span.text, found.help)


def test_who_of_several_fails_is_named() -> None:
    rule = acl("group:one", "tag:web:443")
    (found,) = ask({"acls": [rule], "tests": [{"src": "group:eng", "accept": ["tag:web:443"]}]})
    assert "`bob@example.com` of `group:eng` cannot reach `tag:web:443`, but should" == found.message
    (found,) = ask({"acls": [acl(ALICE, "tag:db:443")], "tests": [{"src": ALICE, "accept": ["tag:web:443"]}]}, TAILNET)
    assert f"`laptop` of `{ALICE}` cannot reach `web-1` of `tag:web:443`, but should" == found.message


def test_an_address_that_the_policy_takes_away_cannot_be_tested() -> None:
    sections = {"disableIPv4": True, "acls": [acl("*", "*:*")]}
    assert "undecided" == verdict(ask({**sections, "tests": [{"src": ALICE, "accept": ["web:443"]}]}, TAILNET))
    assert "holds" == verdict(ask({**sections, "tests": [{"src": ALICE, "accept": ["db:443"]}]}, TAILNET))
