"""`aclc init`: a sensible start for a policy that is already there."""

from __future__ import annotations

import json
import os

import click

from aclc.cli.inputs import FileName, InputError, policies_or_default
from aclc.cli.outputs import write_file

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
  aclc check                                  what is wrong now
  aclc check --write-baseline aclc-baseline.json   accept it for now, and hear of new findings only
  aclc fmt -w {policy}                        write it as the control plane does
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
    click.echo(f"Wrote aclc.toml for {path}.\n")
    if not _has_tests(path):
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


def _has_tests(path: str) -> bool:
    from aclc.cli.inputs import read_source
    from aclc.policy.read_hujson import read_policy

    read = read_policy(read_source(path)).value
    return read is not None and bool(read.tests)
