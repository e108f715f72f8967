from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-without-network"


POLICY = """{"tagOwners": {"tag:a": [], "tag:b": []}, "hosts": {"h": "100.64.0.9"}, "acls": [
    {"action": "accept", "src": ["%s"], "dst": ["%s"]}],
    "ssh": [{"action": "accept", "src": ["u@example.com", "autogroup:member"], "dst": [%s], "users": ["root"]}]}"""


def test_a_destination_that_nobody_reaches() -> None:
    text = POLICY % ("autogroup:member", "tag:a:22", '"tag:a", "tag:b"')
    assert [span for _, span, _ in findings(SLUG, text)] == ['"tag:b"']


def test_a_source_that_reaches_nothing() -> None:
    text = POLICY.replace('"u@example.com", ', '"tag:b", ') % ("autogroup:member", "tag:a:22", '"tag:a"')
    assert [span for _, span, _ in findings(SLUG, text)] == ['"tag:b"']


def test_own_devices_need_a_rule_too() -> None:
    assert len(findings(SLUG, POLICY % ("u@example.com", "tag:a:22", '"autogroup:self"'))) == 1
    assert findings(SLUG, POLICY % ("autogroup:member", "autogroup:self:*", '"autogroup:self"')) == []
    assert findings(SLUG, POLICY % ("*", "*:*", '"autogroup:self"')) == []


def test_an_address_may_be_any_device() -> None:
    assert findings(SLUG, POLICY % ("autogroup:member", "h:22", '"tag:a"')) == []
    assert findings(SLUG, POLICY % ("100.64.0.3", "tag:a:22", '"tag:a"')) == []


def test_a_part_of_a_policy_is_not_judged() -> None:
    assert findings(SLUG, POLICY.replace("acls", "nothing")) == []


def test_whoever_is_named_may_have_a_role() -> None:
    text = POLICY.replace('"u@example.com", "autogroup:member"', '"%s"')
    assert findings(SLUG, text % ("autogroup:admin", "tag:a:22", "u@example.com", '"tag:a"')) == []
    assert findings(SLUG, text % ("u@example.com", "tag:a:22", "autogroup:admin", '"tag:a"')) == []
    assert len(findings(SLUG, text % ("u@example.com", "tag:a:22", "x@example.com", '"tag:a"'))) == 1
