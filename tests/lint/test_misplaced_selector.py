from __future__ import annotations

from tests.lint.checking import messages

SLUG = "misplaced-selector"


def test_groups_hold_logins() -> None:
    text = """{"tagOwners": {"tag:a": []},
               "groups": {"group:x": ["tag:a", "alice", "autogroup:member", "*", "a@x.com"]}}"""
    assert messages(SLUG, text) == [
        ("`tag:a` cannot be a member of a group", "allowed here: users"),
        ("`alice` cannot be a member of a group", "a member is a login: `name@example.com`"),
        ("`*` cannot be a member of a group", "allowed here: users"),
    ]


def test_rules_take_no_ranges_services_or_prefixed_hosts_as_sources() -> None:
    text = """{"hosts": {"nas": "10.0.0.1"},
               "grants": [{"src": ["10.0.0.1-10.0.0.9", "svc:wiki", "host:nas", "posture:a"],
                           "dst": ["*"], "ip": ["*"]}]}"""
    assert [help for _, help in messages(SLUG, text)] == [
        "define an ipset with this range, and name that",
        "allowed here: groups, tags, autogroups, ipsets, addresses, hosts, users",
        "write `nas`: `host:` is for ipsets",
        "postures stand in `srcPosture`",
    ]


def test_ssh_knows_no_addresses_and_no_ports() -> None:
    text = """{"ssh": [{"action": "check", "src": ["*", "10.0.0.1", "nas:22"], "dst": ["autogroup:self"],
                        "users": ["root"]}]}"""
    assert messages(SLUG, text) == [
        (
            "`*` is not allowed in `src` of an ssh rule",
            "write `autogroup:member` for all users, `autogroup:tagged` for all tagged devices",
        ),
        ("`10.0.0.1` is not allowed in `src` of an ssh rule", "allowed here: groups, tags, autogroups, users"),
        ("`nas:22` is not allowed in `src` of an ssh rule", "no ports here: write `nas`"),
    ]


def test_what_a_template_fills_in_is_left_alone() -> None:
    assert messages(SLUG, """{"groups": {"group:x": ["${admins}"]}}""") == []
