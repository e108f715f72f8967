from __future__ import annotations

from tests.lint.checking import messages

SLUG = "drive-cap-without-attr"


def test_one_of_the_two_is_not_enough() -> None:
    text = """{"nodeAttrs": [{"target": ["*"], "attr": ["drive:share"]}], "grants": [
        {"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "rw"}]}}]}"""
    assert messages(SLUG, text)[0][0] == "no device has the attribute `drive:access`, so no folder is shared"
