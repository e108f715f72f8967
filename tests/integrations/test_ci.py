"""What runs elsewhere, tried as far as a machine without those services can: hooks, the action's steps, templates."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from aclc.cli import SUBCOMMANDS
from tests.cli.running import surroundings
from tests.corpus import REPOSITORY
from tests.integrations.scratch import commit

OLD = """{
	"tagOwners": {"tag:web": []},
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:22", "tcp:443"]}],
}
"""
SCHEMAS = {
    "action.yml": "github-actions",
    "integrations/github/workflow.yml": "github-workflows",
    "integrations/gitlab/aclc.gitlab-ci.yml": "gitlab-ci",
}
"""File → the published schema that it has to fit, as check-jsonschema carries it."""


@pytest.mark.parametrize(("file", "kind"), SCHEMAS.items(), ids=SCHEMAS)
def test_files_for_services_fit_the_published_schemas(file: str, kind: str) -> None:
    schema = json.loads(files("check_jsonschema.builtin_schemas.vendor").joinpath(f"{kind}.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)

    read = yaml.safe_load((REPOSITORY / file).read_text())
    document = {"on" if key is True else key: value for key, value in read.items()}  # YAML 1.1 takes `on` for true

    assert [] == [error.message for error in validator.iter_errors(document)]


def test_hooks_name_commands_that_exist_and_files_as_people_call_them() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    names = ["policy.hujson", "a/acl.hujson", "acls.json", "tailscale-acl.hujson", "x/headscale.json"]

    assert {"aclc-check", "aclc-fmt", "aclc-fix"} == {hook["id"] for hook in hooks}
    for hook in hooks:
        assert hook["entry"].split()[1] in SUBCOMMANDS
        assert names == [name for name in [*names, "package.json", "tsconfig.json"] if re.search(hook["files"], name)]


def test_the_hooks_are_a_manifest_that_pre_commit_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(REPOSITORY / ".pre-commit-hooks.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout


def test_the_job_of_gitlab_runs(tmp_path: Path) -> None:
    """Its script, as the runner puts it together, with a merge request that closes a port."""
    job = yaml.safe_load((REPOSITORY / "integrations/gitlab/aclc.gitlab-ci.yml").read_text())["aclc"]
    policy = tmp_path / "policy.hujson"
    policy.write_text(OLD)
    commit(tmp_path)
    policy.write_text(OLD.replace('"tcp:22", ', ""))
    (tmp_path / "aclc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aclc "$@"\n')
    (tmp_path / "aclc").chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(job["script"])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=surroundings(
            PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD",
            **{name: str(value) for name, value in job["variables"].items()},
        ),
    )

    assert 0 == done.returncode, done.stderr
    assert "policy.hujson:3:" in done.stdout
    assert "- autogroup:member -> tag:web : tcp 22" in done.stdout
    assert "tcp 22" in (tmp_path / "aclc-review.html").read_text()
    for report in job["artifacts"]["reports"].values():
        assert (tmp_path / report).stat().st_size > 0
    assert {"aclc-review.html"} == set(job["artifacts"]["paths"])
