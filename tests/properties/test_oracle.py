"""The reference semantics against the real client's verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.properties.oracle import decide, may_pass

Json = Any
pytestmark = needs_corpus


class Verdict(NamedTuple):
    """What the client decided about one packet."""

    capture: Json
    node: str
    local: list[str]
    query: tuple[str, str, int, int]
    accepted: bool


@pytest.fixture(scope="module")
def verdicts(corpus: Path) -> list[Verdict]:
    """Give every verdict of the real client."""
    return list(_read(corpus / "client" / "verdicts.jsonl"))


def _read(path: Path) -> Iterator[Verdict]:
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        capture = json.loads((CORPUS / "captures" / f"{entry['capture']}.json").read_bytes())
        capture["policy"] = json.loads(capture["policy"])
        for s, d, p, q, verdict in entry["queries"]:
            yield Verdict(capture, entry["node"], entry["local"], (s, d, p, q), verdict == "Accept")


def test_reading_the_filter_gives_every_verdict_of_the_client(verdicts: list[Verdict]) -> None:
    """`decide` on the rules that a node received = what its client did, 40,000 times."""
    wrong = [
        (each.capture["id"], each.node, each.query, each.accepted)
        for each in verdicts
        if decide(each.capture["expect"]["nodes"][each.node]["packet_filter"], each.local, *each.query) != each.accepted
    ]
    assert wrong == []
    assert len(verdicts) == 40_000


def test_reading_the_policy_gives_every_verdict_of_the_client(verdicts: list[Verdict]) -> None:
    """`may_pass` on policy and tailnet = what the client did with the rules that the control plane made of them."""
    wrong = [
        (each.capture["id"], each.node, each.query, each.accepted)
        for each in verdicts
        if may_pass(each.capture["policy"], each.capture["tailnet"], *each.query, each.node) != each.accepted
    ]
    assert wrong == []
