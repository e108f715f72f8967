"""Rules and reader against the real control plane: what it refused, in its words, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from aclc.diagnostics import Severity
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.run import check_policy
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from tests.corpus import corpus_files, needs_corpus
from tests.lint.checking import diagnose, tailnet_of

VERDICT = "test(s) failed"
"""What the policy's own tests say; no rule knows."""

RENAMED = {
    "ssh/ssh-e1": "PASSKEY is not associated with this Tailnet and cannot be used in user:*@<domain> expressions"
}
"""The tailnet was renamed in the capture's policy (`@EXAMPLE.COM` was `@PASSKEY`), but not in the answer."""

CAPTURES = corpus_files("captures/*/*.json")


@needs_corpus
@pytest.mark.parametrize("suite", sorted({path.parent.name for path in CAPTURES}))
def test_a_policy_is_refused_if_and_as_the_control_plane_does(suite: str) -> None:
    wrong = {}
    for path in CAPTURES:
        name = f"{path.parent.name}/{path.stem}"
        if path.parent.name != suite or name in RENAMED:
            continue
        capture = json.loads(path.read_text(encoding="utf-8"))
        found = diagnose(capture["policy"], tailnet_of(json.dumps(capture["tailnet"])), "minimal")
        errors = [(each.message, each.control) for each in found if each.severity is Severity.ERROR]
        refusal = capture["expect"].get("error")
        if capture["expect"]["status"] == 200 or refusal == VERDICT:
            if errors:
                wrong[name] = (None, errors)
        elif refusal not in {control for _, control in errors}:
            wrong[name] = (refusal, errors)
    assert wrong == {}


@needs_corpus
def test_renamed_captures_are_refused_in_their_own_words() -> None:
    """If the words come to agree, the exception above has to go."""
    for path in CAPTURES:
        name = f"{path.parent.name}/{path.stem}"
        if name in RENAMED:
            capture = json.loads(path.read_text(encoding="utf-8"))
            found = diagnose(capture["policy"], tailnet_of(json.dumps(capture["tailnet"])), "minimal")
            assert capture["expect"]["error"] == RENAMED[name]
            assert [each.control for each in found if each.control] == [RENAMED[name].replace("PASSKEY", "EXAMPLE.COM")]


def test_no_rule_calls_what_many_people_write_an_error(corpus: Path) -> None:
    """Files that people keep were mostly taken by a control plane, so a rule that refuses many of them is wrong.

    Tags are undefined in many because the corpus has parts of policies, which other files complete.
    """
    files: Counter[str] = Counter()
    heads = sorted(path for path in corpus.glob("policies/head/*") if path.is_file())
    for path in heads:
        read = read_policy(Source.from_bytes(path.name, path.read_bytes()))
        if read.value is not None:
            found = check_policy(read.value, TAILSCALE)
            files.update({each.code.slug for each in found if each.severity is Severity.ERROR})
    assert {slug for slug, count in files.items() if count > len(heads) // 10} == {"undefined-tag"}
