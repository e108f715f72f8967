from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-root-no-check"


POLICY = """{"tagOwners": {"tag:a": [], "tag:b": []}, "ssh": [%s], "grants": []}"""
ACCEPT = '{"action": "accept", "src": ["%s"], "dst": ["%s"], "users": ["root", "autogroup:nonroot"]}'
CHECK = '{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:tagged"], "users": ["root"]}'


def test_own_devices_are_less_bad() -> None:
    assert [each[0] for each in findings(SLUG, POLICY % ACCEPT % ("autogroup:member", "tag:a"))] == ["warning"]
    assert [each[0] for each in findings(SLUG, POLICY % ACCEPT % ("autogroup:member", "autogroup:self"))] == ["info"]


def test_machines_cannot_be_asked() -> None:
    assert findings(SLUG, POLICY % ACCEPT % ("tag:b", "tag:a")) == []


def test_a_check_for_the_same_pairs_comes_first() -> None:
    assert findings(SLUG, POLICY % (ACCEPT % ("a@example.com", "tag:a") + ", " + CHECK)) == []


def test_a_check_for_others_does_not_help() -> None:
    other = CHECK.replace("autogroup:tagged", "tag:b")
    assert len(findings(SLUG, POLICY % (ACCEPT % ("a@example.com", "tag:a") + ", " + other))) == 1
