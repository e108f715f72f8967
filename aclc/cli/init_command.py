"""`aclc init`: a sensible start for a policy that is already there."""

from __future__ import annotations

import json
import os

import click

from aclc.check import check_source
from aclc.cli.inputs import FileName, InputError, policies_or_default, read_source
from aclc.cli.outputs import write_file
from aclc.reports.style import Style
from aclc.reports.text import summary

_PRE_COMMIT = """\
To check each commit, add this to .pre-commit-config.yaml:

  - repo: local
    hooks:
      - id: aclc-check
        name: aclc check
        entry: aclc check
        language: system
        files: {pattern}
"""

_NEXT = """\
Next:
  aclc check                                        what it is
  aclc check --fix --diff                           what can be repaired without a change of meaning
  aclc check --write-baseline aclc-baseline.json    accept it for now: with `baseline` in aclc.toml, hear of what is new
  aclc check --watch                                again at each change
  aclc fmt -w {policy:<30}        write it as the control plane does
"""

_TESTS = """\
The policy has no `tests`. A start, to be put into it and filled in with what must stay possible and impossible:

  "tests": [
    {"src": "somebody@example.com", "accept": ["tag:web:443"], "deny": ["tag:db:22"]},
  ],
"""


@click.command()
@click.argument("policy", required=False, type=FileName())
def command(policy: str | None) -> None:
    """Write aclc.toml for a policy, and say how to go on. What is already there is never overwritten."""
    path = policies_or_default((policy,) if policy else ())[0]
    if not os.path.isfile(path):
        raise InputError(f"{path}: no such file; name the policy that aclc is to look after")
    if os.path.exists("aclc.toml"):
        raise InputError("aclc.toml: is there already, and is left as it is")
    write_file("aclc.toml", [_config(path.replace(os.sep, "/")).encode()])
    click.echo(f"Wrote aclc.toml for {path}.")
    checked = check_source(read_source(path))
    click.echo(summary(checked.diagnostics, [path], Style()))
    if checked.policy is not None and not checked.policy.tests:
        click.echo(_TESTS)
    click.echo(_PRE_COMMIT.format(pattern=json.dumps(f"^{_escaped(path)}$")))
    click.echo(_NEXT.format(policy=path), nl=False)


def _config(policy: str) -> str:
    return (
        "# What `aclc` does here without being told; `aclc show-settings` shows all of it.\n"
        f"policy = {json.dumps(policy)}\n"
        'profile = "default"    # minimal: only what is surely wrong; strict: everything\n'
        'fail-on = "error"      # exit code 1 from here on: error, warning, info, never\n'
        '# ignore = ["no-tests"]              # rules that do not run: `aclc rule` lists all\n'
        '# baseline = "aclc-baseline.json"     # findings that are accepted for now\n'
        '# tailnet = "tailnet.json"            # users and nodes: `tailscale status --json` will do\n'
    )


def _escaped(path: str) -> str:
    import re

    return re.escape(path.removeprefix("./"))
