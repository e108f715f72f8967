from __future__ import annotations

from tests.lint.checking import findings

SLUG = "internet-via-all"


def test_named_people_are_fine() -> None:
    assert findings(SLUG, """{"grants": [{"src": ["a@b.com"], "dst": ["autogroup:internet"], "ip": ["*"]}]}""") == []
