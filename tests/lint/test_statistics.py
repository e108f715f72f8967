"""The table of how often rules fire tells numbers, and the same ones each time."""

from __future__ import annotations

from scripts.lint_statistics import check, report

OPEN = b'{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}'
SECRET = b'{"tagOwners": {"tag:secret-name": []}, "grants": []}'
BROKEN = b'{"grants": ['


def test_files_rules_and_findings_are_counted() -> None:
    page = report([check(OPEN), check(SECRET), check(SECRET), check(BROKEN)])
    assert "* policies: 4; without errors: 3; of these with rules, so no mere parts: 3\n" in page
    assert "| SEC001 allow-all | default | 1 | 25 % | 1 |\n" in page
    assert "| DEAD001 unused-tag | default | 2 | 50 % | 2 |\n" in page
    assert "* DEAD004 unused-ipset (default)\n" in page


def test_no_name_of_a_policy_is_written() -> None:
    assert "secret" not in report([check(SECRET)])


def test_no_files_at_all_are_no_fault() -> None:
    assert "| `default`, all | 0 | 0 | 0 |" in report([])
