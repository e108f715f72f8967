"""What runs elsewhere, tried as far as a machine without those services can: hooks, the action's steps, templates."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aclc.cli import SUBCOMMANDS
from tests.cli.running import surroundings
from tests.corpus import REPOSITORY

OLD = """{
	"tagOwners": {"tag:web": []},
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a policy on `main`, and an `aclc` on the path."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "policy.hujson").write_text(OLD)
    for words in (
        ("init", "-q", "-b", "main"),
        ("config", "user.email", "a@example.com"),
        ("config", "user.name", "A"),
        ("add", "."),
        ("commit", "-q", "-m", "first"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "aclc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aclc "$@"\n')
    (programs / "aclc").chmod(0o755)
    return folder


def run_action(repository: Path, **inputs: str) -> tuple[int, str, str, str]:
    """Run the action's script; give exit code, log, job summary and outputs."""
    temporary = repository.parent
    environment = surroundings(
        GITHUB_STEP_SUMMARY=str(temporary / "steps.md"),
        GITHUB_OUTPUT=str(temporary / "outputs"),
        RUNNER_TEMP=str(temporary),
        **inputs,
    )
    environment["PATH"] = f"{temporary / 'bin'}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", str(REPOSITORY / "integrations/github/run.sh")],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    read = [(temporary / name).read_text() if (temporary / name).exists() else "" for name in ("steps.md", "outputs")]
    return done.returncode, done.stdout + done.stderr, read[0], read[1]


def test_the_action_is_content_with_an_unchanged_policy(repository: Path) -> None:
    code, log, steps, outputs = run_action(repository, ACLC_AGAINST="main")

    assert 0 == code, log
    assert "No change in access (proven for every tailnet)." in steps
    assert "changed=false" in outputs


def test_the_action_shows_what_a_change_opens_and_can_refuse_it(repository: Path) -> None:
    (repository / "policy.hujson").write_text(OLD.replace('"tcp:443"', '"tcp:443", "tcp:22"'))
    code, log, steps, outputs = run_action(repository, ACLC_AGAINST="main")
    gated = run_action(repository, ACLC_AGAINST="main", ACLC_NO_NEW_ACCESS="true")

    assert 0 == code, log
    assert "+ autogroup:member -> tag:web : tcp 22" in steps
    assert "changed=true" in outputs
    assert (1, True) == (gated[0], "::error file=policy.hujson::This change gives new access" in gated[1])


def test_the_action_fails_on_a_broken_policy_with_annotations(repository: Path) -> None:
    (repository / "policy.hujson").write_text(OLD.replace("tag:web", "tag:wab", 1))
    code, log, _, _ = run_action(repository)

    assert 1 == code
    assert "::error file=policy.hujson,line=3," in log


def test_the_action_calls_the_script_with_inputs_that_exist() -> None:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    used = set(re.findall(r"inputs\.([a-z-]+)", str(action["runs"])))

    assert set(action["inputs"]) == used
    assert step["run"].endswith('integrations/github/run.sh"')


def test_hooks_name_commands_that_exist_and_files_as_people_call_them() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    names = ["policy.hujson", "a/acl.hujson", "acls.json", "tailscale-acl.hujson", "x/headscale.json"]

    assert {"aclc-check", "aclc-fmt", "aclc-fix"} == {hook["id"] for hook in hooks}
    for hook in hooks:
        assert hook["entry"].split()[1] in SUBCOMMANDS
        assert names == [name for name in [*names, "package.json", "tsconfig.json"] if re.search(hook["files"], name)]


def test_the_template_of_gitlab_calls_commands_that_exist() -> None:
    job = yaml.safe_load((REPOSITORY / "integrations/gitlab/aclc.gitlab-ci.yml").read_text())["aclc"]
    called = re.findall(r"\baclc ([a-z]+)", " ".join(job["script"]))

    assert {"check", "diff"} == set(called)
