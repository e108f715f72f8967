from __future__ import annotations

from tests.lint.checking import messages

SLUG = "approver-cannot-act"


def test_an_empty_list_approves_nothing() -> None:
    text = """{"autoApprovers": {"routes": {"10.0.0.0/24": []}, "exitNode": []}, "grants": []}"""
    assert messages(SLUG, text)[0][0] == "nobody approves `10.0.0.0/24`, so the key does nothing"
