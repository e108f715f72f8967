"""Items that cannot be decided for one reason are one finding, so that they do not bury the others."""

from __future__ import annotations

from aclc.check import check_source
from aclc.source import Source

POLICY = """{"groups": {"group:dev": ["a@example.com"]}, "tagOwners": {"tag:web": []},
    "grants": [{"src": ["autogroup:admin"], "dst": ["tag:web"], "ip": ["*"]}],
    "tests": [{"src": "a@example.com", "deny": [%s]}]}"""


def undecided(items: str) -> list[tuple[str, int]]:
    found = check_source(Source("policy.hujson", POLICY % items)).diagnostics
    return [(each.message, len(each.notes)) for each in found if each.code.slug == "test-undecided"]


def test_two_are_told_each() -> None:
    assert len(undecided('"tag:web:1", "tag:web:2"')) == 2


def test_more_are_told_once_with_notes_at_the_next() -> None:
    assert undecided(", ".join(f'"tag:web:{port}"' for port in range(1, 7))) == [
        ("whether `a@example.com` can reach `tag:web:1` cannot be decided, and so for 5 other items", 3)
    ]
