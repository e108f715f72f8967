"""The steps of the GitHub action, taken from `action.yml` and run as a runner runs them, in a scratch repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.cli.running import surroundings
from tests.corpus import REPOSITORY
from tests.integrations.scratch import commit, git

ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))

POLICY = """{
	"groups": {"group:eng": ["a@example.com"]},
	"tagOwners": {"tag:web": ["autogroup:admin"], "tag:db": ["autogroup:admin"]},
	"grants": [
		{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443"]},
		{"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
	],
	"tests": [{"src": "a@example.com", "accept": ["tag:web:443"], "deny": ["tag:db:22"]}],
}
"""
WIDER = POLICY.replace("tcp:443", "tcp:444", 1).replace("tag:web:443", "tag:web:444")
REWORDED = POLICY.replace("{\n", "{\n\t// who may do what\n", 1)
BROKEN = POLICY.replace('"dst": ["tag:web"]', '"dst": ["tag:wbe"]')

GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in
  *--paginate*) cat "$GH_COMMENTS" ;;
  *) if [ -n "$GH_REFUSES" ]; then exit 1; fi
     for each in "$@"; do case "$each" in body=@*) cp "${each#body=@}" "$GH_BODY" ;; esac; done ;;
esac
"""


class Job(NamedTuple):
    """What the last step of a job left behind."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]
    comment: str
    calls: list[str]


class Pull(NamedTuple):
    """A pull request: a repository with a base and a change on top of it."""

    folder: Path

    def run(self, *, refuses: str = "", comments: str = "", event: str = "7", **inputs: str) -> Job:
        """Run the step as the runner does: inputs by the expressions of `action.yml`."""
        (step,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == "run")
        given = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | inputs
        values = {f"inputs.{name}": value for name, value in given.items()}
        values |= {"github.event.pull_request.number": event, "github.token": "none"}
        environment = {
            name: re.sub(r"\$\{\{ (.+?) \}\}", lambda found: values[found[1]], text)
            for name, text in step["env"].items()
        }
        aside = self.folder.parent
        files = {
            "GITHUB_STEP_SUMMARY": aside / "summary.md",
            "GITHUB_OUTPUT": aside / "outputs",
            "GH_LOG": aside / "calls",
            "GH_BODY": aside / "comment.md",
            "GH_COMMENTS": aside / "comments",
        }
        for file in files.values():
            file.write_text("")
        files["GH_COMMENTS"].write_text(comments)
        done = subprocess.run(
            ["bash", "-c", step["run"]],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=surroundings(
                PATH=f"{aside / 'bin'}{os.pathsep}{os.environ['PATH']}",
                GITHUB_ACTION_PATH=str(REPOSITORY),
                GITHUB_BASE_REF="main",
                GITHUB_REPOSITORY="owner/name",
                RUNNER_TEMP=str(aside),
                GH_REFUSES=refuses,
                **environment,
                **{name: str(file) for name, file in files.items()},
            ),
        )
        text = {name: file.read_text() for name, file in files.items()}
        outputs = dict(line.split("=", 1) for line in text["GITHUB_OUTPUT"].splitlines())
        return Job(
            done.returncode,
            done.stdout + done.stderr,
            text["GITHUB_STEP_SUMMARY"],
            outputs,
            text["GH_BODY"],
            text["GH_LOG"].splitlines(),
        )


@pytest.fixture
def pull(tmp_path: Path) -> Pull:
    """A shallow clone, as actions/checkout makes it, whose base has a policy; `aclc` and `gh` are on the path."""
    base, clone, programs = tmp_path / "base", tmp_path / "clone", tmp_path / "bin"
    base.mkdir()
    (base / "policy.hujson").write_text(POLICY)
    commit(base)
    git(base, "switch", "--quiet", "--create", "change")
    (base / "note").write_text("so that the change is another revision")
    commit(base)
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=change", base.as_uri(), str(clone))
    programs.mkdir()
    for name, text in (("aclc", f'#!/bin/sh\nexec "{sys.executable}" -m aclc "$@"\n'), ("gh", GH)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return Pull(clone)


def test_a_change_is_told_in_summary_comment_and_outputs_and_can_be_refused(pull: Pull) -> None:
    (pull.folder / "policy.hujson").write_text(WIDER)
    job = pull.run(**{"no-new-access": "true"})

    assert (1, "true") == (job.code, job.outputs["changed"]), job.log
    assert "gains access" in job.summary
    assert "tcp 444" in job.summary
    assert "::error file=policy.hujson::this change gives new access" in job.log
    assert "**This change gives new access" in job.comment
    assert Path(job.outputs["summary"]).read_text() in job.comment
    assert job.comment.startswith("<!-- aclc ")
    assert "### Everything that aclc finds" in job.comment
    assert ["--method POST repos/owner/name/issues/7/comments"] == [
        re.sub(r"^api | -F .*", "", call) for call in job.calls[1:]
    ]


def test_a_change_of_words_is_none_of_access_and_the_comment_is_the_same_one(pull: Pull) -> None:
    (pull.folder / "policy.hujson").write_text(REWORDED)
    job = pull.run(comments="123\n456\n", **{"no-new-access": "true"})

    assert (0, "false") == (job.code, job.outputs["changed"]), job.log
    assert "No change in access" in job.summary
    assert "api --method PATCH repos/owner/name/issues/comments/123 -F" in job.calls[1]
    assert 2 == len(job.calls)


def test_findings_are_annotations_and_a_fork_has_them_in_the_summary(pull: Pull) -> None:
    """A pull request from a fork has no right to comment."""
    (pull.folder / "policy.hujson").write_text(BROKEN)
    job = pull.run(refuses="yes")

    assert (1, "true") == (job.code, job.outputs["changed"])
    assert re.search(r"^::error file=policy\.hujson,line=5,.*REF002 undefined-tag::", job.log, re.MULTILINE)
    assert "::notice::no comment was written" in job.log
    assert "**REF002**" in job.summary
    assert "no control plane would take it" in job.summary


def test_several_files_one_of_them_new_and_no_comment_wanted(pull: Pull) -> None:
    (pull.folder / "other.hujson").write_text(POLICY)
    job = pull.run(files="policy.hujson\nother.hujson\n", comment="false")

    assert (0, "true", []) == (job.code, job.outputs["changed"], job.calls), job.log
    assert "### `other.hujson` is new" in job.summary


def test_a_revision_that_is_not_there_is_told_and_so_is_a_push_without_a_pull_request(pull: Pull) -> None:
    job = pull.run(against="origin/nowhere", event="", **{"fail-on": "never"})

    assert (0, "", []) == (job.code, job.outputs["changed"], job.calls)
    assert "::warning::revision origin/nowhere is not here" in job.log


def test_wrong_use_ends_it(pull: Pull) -> None:
    job = pull.run(files="nowhere.hujson")

    assert (2, {}) == (job.code, job.outputs)
    assert "nowhere.hujson: no such file" in job.log


def test_every_input_reaches_the_script_and_every_output_is_set() -> None:
    script = (REPOSITORY / "integrations" / "github" / "run.sh").read_text(encoding="utf-8")
    (step,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == "run")
    used = {found for text in step["env"].values() for found in re.findall(r"inputs\.([a-z-]+)", text)}

    assert used | {"python-version"} == set(ACTION["inputs"])
    assert {name for name in step["env"] if name != "GH_TOKEN"} == set(re.findall(r"\bACLC_[A-Z_]+", script))
    assert set(re.findall(r'echo "([a-z]+)=', script)) == set(ACTION["outputs"])
    assert json.dumps(ACTION).count("secrets.") == 0
