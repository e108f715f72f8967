from __future__ import annotations

from aclc.diagnostics import Fix
from tests.lint.checking import diagnose, findings, messages

SLUG = "legacy-keys"
POLICY = """{"tagOwners": {"tag:a": []},
    "acls": [{"action": "accept", "users": ["tag:a"], "ports": ["tag:a:1"]},
             {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:2"]}],
    "tests": [{"user": "tag:a", "allow": ["tag:a:1"]}]}"""


def test_one_finding_renames_all() -> None:
    (found,) = (each for each in diagnose(POLICY) if each.code.slug == SLUG)
    assert messages(SLUG, POLICY) == [
        (
            "`users`, `ports`, `user`, `allow` are spelled `src`, `dst`, `accept` today",
            "rename all 4: the meaning stays the same",
        )
    ]
    assert isinstance(found.fix, Fix)
    text = POLICY
    for edit in sorted(found.fix.edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    wanted = POLICY.replace('"users"', '"src"').replace('"ports"', '"dst"')
    assert text == wanted.replace('"user"', '"src"').replace('"allow"', '"accept"')
    assert findings(SLUG, text) == []


def test_letter_case_is_another_fault() -> None:
    text = """{"tagOwners": {"tag:a": []}, "acls": [{"action": "accept", "Src": ["tag:a"], "Dst": ["tag:a:1"]}]}"""
    assert findings(SLUG, text) == []
