"""docs/comparison.md says of aclc what aclc does; what it says of others was true on the day that stands in it."""

from __future__ import annotations

from pathlib import Path

from scripts.compare_peers import Answer
from scripts.peers.cases import CASES
from tests.cli.running import run
from tests.corpus import REPOSITORY


def test_the_column_of_aclc_is_what_aclc_says(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "comparison.md").read_text(encoding="utf-8")
    for case in CASES:
        (tmp_path / f"{case.name}.hujson").write_text(case.text)
        done = run("check", "--isolated", "-o", "concise", f"{case.name}.hujson", folder=tmp_path)
        answer = Answer(done.code, (done.out + done.err).strip())

        assert f"| [{case.name}](#{case.name}) | {answer.verdict(case)} |" in page
        assert answer.verdict(case).startswith("**found**, at its line" if case.culprit else "silent")


def test_a_verdict_needs_the_culprit_and_its_line() -> None:
    case = next(case for case in CASES if case.name == "undefined-tag")

    assert "found, without its line (exit 1)" == Answer(1, "tag:wbe is unknown").verdict(case)
    assert "refused for another reason (exit 1)" == Answer(1, "p:4:1: error: no").verdict(case)
    assert "not found" == Answer(0, "read 1 rule with tag:wbe").verdict(case)
    assert "**found**, at its line (exit 0)" == Answer(0, "p:4:1: warning: tag:wbe").verdict(case)
    assert "false alarm (exit 1)" == Answer(1, "").verdict(CASES[0])
