from __future__ import annotations

from tests.lint.checking import findings

SLUG = "people-and-machines"

POLICY = '{"groups": {"group:g": [%s]}, "grants": [{"src": ["group:g"], "dst": ["autogroup:self"], "ip": ["*"]}]}'


def test_the_first_machine_among_people() -> None:
    members = '"alice@example.com", "CI+web@example.com", "svc_backup@example.com"'
    assert [span for _, span, _ in findings(SLUG, POLICY % members)] == ['"CI+web@example.com"']


def test_people_alone_machines_alone_and_parts_of_words_are_left_alone() -> None:
    for members in (
        '"alice@example.com", "lucia@example.com"',
        '"ci@example.com", "svc-backup@example.com"',
        '"alice@ci.example.com", "abbot@example.com"',
    ):
        assert findings(SLUG, POLICY % members) == [], members
