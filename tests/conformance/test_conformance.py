"""The conformance table as a test: every capture of a suite agrees in every column."""

from __future__ import annotations

import pytest

from tests.conformance.answers import answer
from tests.conformance.captures import captures, suites
from tests.conformance.compare import COLUMNS, Gap, compare
from tests.conformance.faults import cured, fault_of
from tests.conformance.table import describe, table, tally
from tests.corpus import needs_corpus

pytestmark = needs_corpus


@pytest.mark.parametrize("suite", suites() or ["none"])
def test_every_capture_of_the_suite_agrees(suite: str) -> None:
    """No gap but the known faults of capturing, and every one of these is still there."""
    gaps: list[Gap] = []
    compared = set()
    for capture in captures(suite):
        compared.add(capture.id)
        gaps += [each.gap for each in compare(capture, answer(capture)) if each.gap is not None]
    unknown = ["\n".join(describe(gap)) for gap in gaps if fault_of(gap) is None]
    assert unknown == [], "\n\n".join(unknown[:20])
    assert cured(gaps, compared) == []
    assert compared


def test_a_difference_in_any_part_of_a_node_is_a_gap() -> None:
    """The comparison sees what it is there to see: each part of an answer, changed, gives gaps in its own columns."""
    capture = next(each for each in captures("ssh") if any(node["ssh_rules"] for node in each.nodes.values()))
    right = answer(capture)
    name = next(name for name, node in capture.nodes.items() if node["ssh_rules"] and node["peers"])
    seen = {
        part: [
            each.gap.column
            for each in compare(
                capture, right._replace(nodes={**right.nodes, name: {**right.nodes[name], part: value}})
            )
            if each.gap is not None
        ]
        for part, value in {
            "packet_filter": [{"SrcIPs": ["*"], "DstPorts": []}],
            "ssh_rules": [],
            "node_attrs": {"funnel": None},
            "peers": {},
        }.items()
    }
    expected = {
        "packet_filter": ["filter set", "filter order"],
        "ssh_rules": ["ssh rules"],
        "node_attrs": ["node attrs"],
        "peers": ["peers"],
    }
    assert expected == seen
    refused = right._replace(nodes={}, errors=())
    columns = {each.gap.column for each in compare(capture, refused) if each.gap is not None}
    assert columns >= {"filter set", "ssh rules", "peers"}


def test_the_table_counts_agreeing_and_all() -> None:
    """A cell is agreeing/all; a column without comparisons is a dot."""
    capture = captures("acl")[0]
    lines = table([("acl", tally(compare(capture, answer(capture))))]).splitlines()
    assert lines[0].split()[:2] == ["suite", "verdict"]
    assert lines[2].split()[1] == "1/1"
    assert lines[2].split()[-1] == "·"
    assert len(COLUMNS) + 1 <= len(lines[0].split())
