from __future__ import annotations

from tests.lint.checking import findings

SLUG = "unused-posture"


def test_the_default_posture_is_used() -> None:
    text = """{"postures": {"posture:a": ["node:os == 'linux'"], "posture:b": ["node:os == 'linux'"]},
        "defaultSrcPosture": ["posture:a"], "grants": []}"""
    assert findings(SLUG, text) == [("warning", '"posture:b"', None)]
