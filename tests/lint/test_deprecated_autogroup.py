from __future__ import annotations

from aclc.diagnostics import Edit
from tests.lint.checking import diagnose

SLUG = "deprecated-autogroup"


def test_every_place_is_renamed_and_ports_stay() -> None:
    text = """{"acls": [{"action": "accept", "src": ["autogroup:members"], "dst": ["autogroup:members:22"]}],
        "ssh": [{"action": "check", "src": ["autogroup:members"], "dst": ["autogroup:self"], "users": ["x"]}]}"""
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert found.help == "rename it in all 3 places"
    assert found.fix is not None
    assert found.fix.safe
    edits: list[Edit] = sorted(found.fix.edits, key=lambda each: -each.span.start)
    fixed = text
    for edit in edits:
        fixed = fixed[: edit.span.start] + edit.text + fixed[edit.span.end :]
    assert fixed == text.replace("autogroup:members", "autogroup:member")
