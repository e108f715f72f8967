from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-host"


def test_an_undefined_host_is_found_where_a_host_may_stand() -> None:
    text = """{"acls": [{"action": "accept", "src": ["nas"], "dst": ["wiki:80"]}],
               "ipsets": {"ipset:a": ["add host:nas"]}}"""
    assert findings(SLUG, text) == [
        ("error", '"nas"', None),
        ("error", '"wiki:80"', None),
        ("error", '"add host:nas"', None),
    ]


def test_a_group_of_that_name_is_proposed() -> None:
    text = """{"groups": {"group:eng": []}, "grants": [{"src": ["eng"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [("host `eng` is not defined", "did you mean `group:eng`?")]


def test_a_source_with_ports_is_explained() -> None:
    text = """{"acls": [{"action": "accept", "src": ["*:*"], "dst": ["*:*"]}]}"""
    assert messages(SLUG, text) == [("host `*:*` is not defined", "no ports here: write `*`")]


def test_bad_addresses_and_wrong_prefixes_are_left_to_others() -> None:
    text = """{"acls": [{"action": "accept", "src": ["10.0.0.300", "groups:eng"], "dst": ["*:*"]}]}"""
    assert findings(SLUG, text) == []


def test_nothing_is_said_where_hosts_could_not_be_read() -> None:
    text = """{"hosts": [], "grants": [{"src": ["nas"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
