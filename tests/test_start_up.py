"""What a command may import: people wait for its start, so it imports nothing that it does not need.

No time is measured here (`make bench` does); the list of modules is what makes the time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aclc.lint.registry import chosen_rules
from aclc.lint.selection import ERRORS, PROFILES, Selection

HEAVY = {
    "asyncio",
    "click.shell_completion",
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
    "subprocess",
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
    assert sorted(own) == ["aclc.cli", "aclc.diagnostics", "aclc.records", "aclc.source"]


def test_a_question_imports_nothing_heavy(tmp_path: Path) -> None:
    """Neither what tailnet files need, nor the comparison of policies, nor what only routes, rules about meaning, IPv6
    or answers in parts need."""
    policy = tmp_path / "policy.hujson"
    policy.write_text(CLEAN, encoding="utf-8")
    modules = imported("-m", "aclc", "why", "group:ops", "tag:server:22", "-p", str(policy)) - imported("-c", "pass")
    unneeded = {
        "aclc.filters.peers",
        "aclc.lint.exposure",
        "aclc.reach.difference.diff",
        "aclc.reach.words.wording",
        "socket",
    }
    assert sorted(modules & (HEAVY | unneeded)) == []


@pytest.mark.parametrize("command", ["diff", "preview", "reach", "fmt", "etag", "prove", "graph"])
def test_other_commands_import_nothing_heavy(command: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.hujson"
    policy.write_text(CLEAN, encoding="utf-8")
    (tmp_path / "properties.aclc").write_text("assert tag:server never reach group:ops\n", encoding="utf-8")
    names = [str(policy)] * (2 if command in {"diff", "preview"} else 1)
    modules = imported("-m", "aclc", command, *names) - imported("-c", "pass")
    assert sorted(modules & HEAVY) == []


def test_a_policy_in_the_language_imports_nothing_heavy(tmp_path: Path) -> None:
    """Its tables were made from the grammar beforehand."""
    policy = tmp_path / "policy.aclc"
    policy.write_text('group ops = alice@example.com\nallow ops -> any on any because "so"\n', encoding="utf-8")
    modules = imported("-m", "aclc", "check", str(policy)) - imported("-c", "pass")
    assert sorted(modules & HEAVY) == []


def test_formatting_knows_of_no_policy(tmp_path: Path) -> None:
    """The form of a file is a matter of its syntax alone."""
    policy = tmp_path / "policy.hujson"
    policy.write_text(CLEAN, encoding="utf-8")
    own = {module.split(".")[1] for module in imported("-m", "aclc", "fmt", str(policy)) if module.startswith("aclc.")}
    assert sorted(own) == ["cli", "diagnostics", "records", "reports", "source", "syntax"]


LOADED = """
import sys
from click.testing import CliRunner
from aclc.cli import root
done = CliRunner().invoke(root, sys.argv[1:])
assert done.exception is None, done.output
print(*sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("aclc.lint.rules.")))
"""
"""Runs aclc and prints which rules it imported: `-X importtime` does not show what `importlib` imports."""


def rules_loaded(*arguments: str) -> set[str]:
    """Give the modules of the rules that a new Python imports for these arguments, which must end well."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stdout.split())


def test_only_rules_that_run_are_imported(tmp_path: Path) -> None:
    policy = tmp_path / "policy.hujson"
    policy.write_text(CLEAN, encoding="utf-8")
    for profile in PROFILES:
        expected = {each.code.slug.replace("-", "_") for each in chosen_rules(Selection(profile))}
        assert expected == rules_loaded("check", "--exit-zero", "--profile", profile, str(policy))
    errors = {each.code.slug.replace("-", "_") for each in chosen_rules(ERRORS)}
    assert errors == rules_loaded("why", "group:ops", "tag:server:22", "-p", str(policy))
    assert rules_loaded("rule", "--help") == set()


@pytest.mark.parametrize(("debug", "expected"), [("", False), ("1", True)])
def test_the_process_ends_without_being_taken_down(debug: str, *, expected: bool) -> None:
    """Taking modules and objects down takes as long as a check; whoever debugs gets the ordinary end."""
    script = (
        "import atexit, sys; from aclc.cli import main\n"
        "atexit.register(sys.stdout.write, 'taken down')\n"
        "sys.argv[1:] = ['--version']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "ACLC_DEBUG": debug},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout.startswith("aclc, version"), done.stdout.endswith("taken down")) == (True, expected)
