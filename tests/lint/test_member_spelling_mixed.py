from __future__ import annotations

from tests.lint.checking import findings

SLUG = "member-spelling-mixed"


def test_only_the_mix_is_refused() -> None:
    text = """{"grants": [{"src": ["autogroup:members"], "dst": ["*"], "ip": ["*"]}],
               "nodeAttrs": [{"target": ["autogroup:member"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == [("error", '"autogroup:members"', None)]
    assert findings(SLUG, text.replace("members", "member")) == []
    assert findings(SLUG, text.replace('"autogroup:member"', '"autogroup:members"')) == []
