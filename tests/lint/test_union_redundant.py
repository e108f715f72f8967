from __future__ import annotations

from tests.lint.checking import diagnose

SLUG = "union-redundant"


def test_only_rules_that_are_needed_for_it_are_named() -> None:
    text = """{"tagOwners": {"tag:a": [], "tag:b": [], "tag:c": []}, "grants": [
        {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["1-100"]},
        {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["50-200"]},
        {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["90-300"]},
        {"src": ["tag:a"], "dst": ["tag:c"], "ip": ["*"]},
        {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["10-190"]}]}"""
    first, second = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert [each.span.text.partition('"ip": ')[2] for each in (first, second)] == ['["50-200"]}', '["10-190"]}']
    for found in (first, second):
        assert [note.span.text.partition('"ip": ')[2] for note in found.notes] == ['["1-100"]}', '["90-300"]}']
