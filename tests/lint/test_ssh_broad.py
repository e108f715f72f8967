from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-broad"


POLICY = """{"tagOwners": {"tag:a": []}, "ssh": [{"action": "%s", "src": ["%s"], "dst": ["%s"], "users": ["%s"]}]}"""


def test_every_tagged_device_is_too_many() -> None:
    assert len(findings(SLUG, POLICY % ("accept", "autogroup:tagged", "tag:a", "root"))) == 1


def test_what_is_asked_own_and_reported_otherwise_is_left_out() -> None:
    for parts in (
        ("check", "autogroup:member", "tag:a", "ubuntu"),
        ("accept", "autogroup:member", "autogroup:self", "ubuntu"),
        ("accept", "autogroup:member", "tag:a", "root"),
        ("accept", "a@example.com", "tag:a", "ubuntu"),
    ):
        assert findings(SLUG, POLICY % parts) == [], parts
