from __future__ import annotations

from tests.lint.checking import findings

SLUG = "check-period-long"

POLICY = """{"tagOwners": {"tag:web": []}, "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
    "ssh": [{"action": "%s", "src": ["a@example.com"], "dst": ["tag:web"], "users": ["root"]%s}]}"""


def test_more_than_a_day_is_long() -> None:
    assert [span for _, span, _ in findings(SLUG, POLICY % ("check", ', "checkPeriod": "24h1m"'))] == ['"24h1m"']


def test_a_day_always_and_none_are_not() -> None:
    for period in (', "checkPeriod": "24h"', ', "checkPeriod": "always"', ""):
        assert findings(SLUG, POLICY % ("check", period)) == [], period


def test_what_is_no_duration_is_told_by_the_reader() -> None:
    assert findings(SLUG, POLICY % ("check", ', "checkPeriod": "long"')) == []
    assert findings(SLUG, POLICY % ("accept", ', "checkPeriod": "99h"')) == []
