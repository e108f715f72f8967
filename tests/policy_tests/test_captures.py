"""The control plane's own verdicts on `tests` and `sshTests`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.check import check_source
from aclc.diagnostics import Severity
from aclc.policy.read_hujson import read_policy
from aclc.policy_tests.run import run_tests
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.corpus import corpus_files, needs_corpus

CAPTURES = corpus_files("captures/policytest/*.json") + corpus_files("captures/sshtest/*.json")
HANGS_ON_AN_ADDRESS = {"sshtest-ip-literal-src"}
"""Captures whose verdict only the tailnet file gives; without it the answer must be a warning."""


@needs_corpus
@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("with_tailnet", [True, False], ids=["tailnet", "policy-alone"])
def test_the_verdict_is_that_of_the_control_plane(path: Path, with_tailnet: bool) -> None:
    """Each error carries the one message of the refusal; an accepted policy has none."""
    capture = json.loads(path.read_text(encoding="utf-8"))
    tailnet = load_tailnet(Source("tailnet.json", json.dumps(capture["tailnet"]))).value if with_tailnet else None
    found = check_source(Source("policy.hujson", capture["policy"]), tailnet).diagnostics
    refusals = {each.control for each in found if each.severity is Severity.ERROR}
    assert ({capture["expect"]["error"]} if capture["expect"]["status"] != 200 else set()) == refusals
    undecided = {each.code.slug for each in found} & {"test-undecided"}
    assert ({"test-undecided"} if capture["id"] in HANGS_ON_AN_ADDRESS and not with_tailnet else set()) == undecided


def test_no_deployed_policy_fails_its_own_tests(corpus: Path) -> None:
    """People's newest policies passed their tests when they were put to use, if nothing else is wrong with them."""
    tested = 0
    for path in sorted((corpus / "policies" / "head").iterdir()):
        source = Source.from_bytes(path.name, path.read_bytes())
        found = check_source(source).diagnostics
        codes = {each.code.id for each in found if each.severity is Severity.ERROR}
        policy = read_policy(source).value
        if policy is not None and codes <= {"TST004"}:
            tested += bool(run_tests(policy) or policy.tests or policy.ssh_tests)
            assert set() == codes, path.name
    assert tested > 15
