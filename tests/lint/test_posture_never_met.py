from __future__ import annotations

from tests.lint.checking import findings

SLUG = "posture-never-met"


def met(*conditions: str) -> bool:
    listed = ", ".join(f'"{each}"' for each in conditions)
    return findings(SLUG, f'{{"postures": {{"posture:p": [{listed}]}}, "grants": []}}') == []


def test_conditions_are_tried_together() -> None:
    assert met("node:tsVersion >= '1.40'", "node:tsVersion < '1.50'")
    assert not met("node:tsVersion >= '1.50'", "node:tsVersion < '1.40'")
    assert not met("custom:tier == 'a'", "custom:tier NOT SET")
    assert met("custom:tier != 'a'", "custom:tier IS SET")
    assert met()
