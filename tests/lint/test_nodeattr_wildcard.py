from __future__ import annotations

from tests.lint.checking import findings

SLUG = "nodeattr-wildcard"

POLICY = '{"tagOwners": {"tag:nas": []}, "grants": [], "nodeAttrs": [{"target": [%s], "attr": [%s]}]}'


def test_every_machine_counts_as_every_device_does() -> None:
    text = POLICY % ('"tag:nas", "autogroup:tagged"', '"magicdns-aaaa", "drive:share"')
    assert [span for _, span, _ in findings(SLUG, text)] == ['"autogroup:tagged"']


def test_members_sharing_what_is_theirs_and_reading_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ('"autogroup:member"', '"drive:share"')) == []
    assert findings(SLUG, POLICY % ('"*"', '"drive:access"')) == []
