"""Real policies: what the control plane takes is read without an error, and nothing raises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.diagnostics import Severity
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from tests.corpus import CORPUS, corpus_files, needs_corpus

# Refusals that the values alone give away; others need to know what names and selectors mean.
OF_VALUES = (
    "action",
    "acceptEnv",
    "capability name",
    "checkPeriod",
    'dst="autogroup:self": port range',
    "IPPool(",
    "ip and app",
    "port range",
    "tagOwners[",
    "time: ",
    'user "',
    "users must",
    '"deny" is not',
)


@needs_corpus
@pytest.mark.parametrize("suite", sorted({path.parent.name for path in corpus_files("captures/*/*.json")}))
def test_captures_are_read_as_the_control_plane_read_them(suite: str) -> None:
    """Accepted policies have no error; refusals that concern one value have the control plane's own words."""
    for path in corpus_files(f"captures/{suite}/*.json"):
        capture = json.loads(path.read_text())
        outcome = read_policy(Source(path.name, capture["policy"]))
        errors = [each for each in outcome.diagnostics if each.severity is Severity.ERROR]
        refusal = capture["expect"].get("error") or ""
        assert outcome.value is not None
        if errors or refusal.startswith(OF_VALUES):
            assert (path.name, refusal) in [(path.name, each.control) for each in errors]


@needs_corpus
def test_real_policies_are_read_and_what_is_found_lies_in_them(corpus: Path) -> None:
    """No file raises; each finding has its place in the text and one line of words."""
    assert corpus == CORPUS
    for path in corpus_files("policies/head/*") + corpus_files("policies/history/*/*"):
        source = Source.from_bytes(path.name, path.read_bytes())
        for each in read_policy(source).diagnostics:
            assert 0 <= each.span.start <= each.span.end <= len(source.text)
            assert "\n" not in each.message
