"""What `aclc check` may import: people wait for its start, so it imports nothing that it does not need.

No time is measured here (`make bench` does); the list of modules is what makes the time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "asyncio",
    "dataclasses",
    "hypothesis",
    "importlib.metadata",
    "ipaddress",
    "jinja2",
    "lark",
    "logging",
    "multiprocessing",
    "networkx",
    "pathlib",
    "pydantic",
    "urllib.request",
    "yaml",
}
"""Modules that cost milliseconds, and that checking a policy has no use for."""

CLEAN = """
{
    // Everybody reaches their own devices, and operators reach the servers.
    "groups": {"group:ops": ["alice@example.com"]},
    "tagOwners": {"tag:server": ["group:ops"]},
    "grants": [
        {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]},
        {"src": ["group:ops"], "dst": ["tag:server"], "ip": ["tcp:22", "tcp:443"]},
    ],
}
"""

TESTED = CLEAN.replace(
    '    "grants"',
    '    "tests": [{"src": "alice@example.com", "accept": ["tag:server:22"], "deny": ["tag:server:80"]}],\n  "grants"',
)


def imported(*arguments: str) -> set[str]:
    """Give the modules that a new Python imports for these arguments, which must end well."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("text", [CLEAN, TESTED], ids=["clean", "with tests"])
def test_a_check_imports_nothing_heavy(tmp_path: Path, text: str) -> None:
    policy = tmp_path / "policy.hujson"
    policy.write_text(text, encoding="utf-8")
    # An editable install makes Python itself import some modules at every start.
    assert sorted((imported("-m", "aclc", "check", str(policy)) - imported("-c", "pass")) & HEAVY) == []


def test_the_version_needs_no_stage() -> None:
    own = {module for module in imported("-m", "aclc", "--version") if module.startswith("aclc.")}
    assert sorted(own) == ["aclc.cli", "aclc.diagnostics", "aclc.source"]


def test_a_question_imports_nothing_heavy(tmp_path: Path) -> None:
    """Neither what tailnet files need, nor the comparison of policies, nor what only routes need."""
    policy = tmp_path / "policy.hujson"
    policy.write_text(CLEAN, encoding="utf-8")
    modules = imported("-m", "aclc", "why", "group:ops", "tag:server:22", "-p", str(policy)) - imported("-c", "pass")
    assert sorted(modules & {*HEAVY, "aclc.reach.diff", "aclc.filters.peers"}) == []
