from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "via-not-tag"


def test_only_tags_are_routers() -> None:
    text = """{"tagOwners": {"tag:vor": []}, "hosts": {"r": "10.0.0.1"},
               "grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:vor", "vor", "r", "*"]}]}"""
    words = "via can only be a tag"
    assert findings(SLUG, text) == [("error", '"vor"', words), ("error", '"r"', words), ("error", '"*"', words)]
    assert [help for _, help in messages(SLUG, text)] == [
        "did you mean `tag:vor`?",
        "give the routers a tag and name that",
        "give the routers a tag and name that",
    ]
