from __future__ import annotations

from tests.lint.checking import messages

SLUG = "tag-owned-by-all"


def test_owning_the_owner_is_owning() -> None:
    text = """{"tagOwners": {"tag:a": ["tag:b"], "tag:b": ["autogroup:members"]}, "grants": []}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "every member may apply `tag:a` by way of `tag:b`, so any device can pose as one of its kind",
        "every member may apply `tag:b`, so any device can pose as one of its kind",
    ]


def test_what_is_gained_is_for_another_rule() -> None:
    text = """{"tagOwners": {"tag:a": ["autogroup:member"], "tag:db": []},
        "grants": [{"src": ["tag:a"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}"""
    assert messages(SLUG, text) == []
