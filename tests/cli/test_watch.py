"""`aclc check --watch` as a user runs it: check, wait for a change, check again, end at Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aclc.cli.watching import Named, repeat, state, watched
from tests.cli.running import run, surroundings

GOOD = '{"acls": [{"action": "accept", "src": ["a@example.com"], "dst": ["10.0.0.1:22"]}]}\n'
BAD = '{"acls": [{"action": "accept", "src": ["group:x"], "dst": ["10.0.0.1:22"]}]}\n'


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes started meanwhile heed an interrupt, which whatever a shell runs in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_change_is_checked_and_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    policy = tmp_path / "policy.hujson"
    policy.write_text(GOOD)
    arguments = [sys.executable, "-m", "aclc", "check", "policy.hujson", "--watch", "--isolated", "-o", "concise"]
    with subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings()
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            first = process.stdout.readline()
            heading = process.stderr.readline()
            waiting = process.stderr.readline()
            policy.write_text(BAD)
            summary = process.stdout.readline()
            second = [process.stdout.readline(), process.stdout.readline()]
            os.kill(process.pid, signal.SIGINT)
            rest = process.communicate(timeout=30)
        finally:
            process.kill()

    assert first.startswith("policy.hujson:1:2: warning TST001 no-tests:")
    assert "Found 1 warning in policy.hujson.\n" == summary
    assert heading.endswith("] aclc check\n")
    assert "Waiting for a change; Ctrl-C ends.\n" == waiting
    assert second[0].startswith("policy.hujson:1:40: error REF001 undefined-group:")
    assert "Found 1 error in policy.hujson. The control plane refuses it as it is.\n" == second[1]
    assert "Traceback" not in rest[1]
    assert 0 == process.returncode


class _Enough(Exception):  # noqa: N818  # ends a test
    pass


def test_faults_of_input_are_shown_and_may_be_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "policy.hujson"
    seen: list[str] = []

    def check() -> None:
        seen.append(policy.read_text() if policy.exists() else "absent")
        if seen[-1] == "absent":
            raise click.ClickException("no such file")
        if len(seen) == 3:
            raise _Enough
        sys.exit(1)

    changes = iter(("one", None, "two and more", None))

    def wait(seconds: float) -> None:
        change = next(changes)
        if change is not None:
            policy.write_text(change)

    with pytest.raises(_Enough):
        repeat(check, Named((str(policy),), (), None, isolated=True), wait)

    assert ["absent", "one", "two and more"] == seen
    assert "Error: no such file\n" in capsys.readouterr().err


def test_everything_that_the_answer_depends_on_is_watched(tmp_path: Path) -> None:
    (tmp_path / "aclc.toml").write_text('policy = "net/main.aclc"\ntailnet = "net.json"\nbaseline = "old.json"\n')
    (tmp_path / "net" / "teams").mkdir(parents=True)
    (tmp_path / "net" / "teams" / "web.aclc").touch()
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        found = set(watched(Named((), ("more.json",), None, isolated=False)))
        (tmp_path / "aclc.toml").write_text("polisy = 1\n")
        faulty = set(watched(Named((), (), None, isolated=False)))
    finally:
        os.chdir(before)

    assert {
        *("aclc.toml", "pyproject.toml", "net/main.aclc", "net/properties.aclc", "net/teams/web.aclc", "net/teams"),
        *("net.json", "old.json", "more.json"),
    } <= found
    assert {"aclc.toml", "policy.hujson"} <= faulty


def test_a_version_of_a_file_is_told_from_another(tmp_path: Path) -> None:
    file = tmp_path / "a"
    absent = state([str(file)])
    file.write_text("1")
    first = state([str(file)])
    os.utime(file, ns=(1, 1))

    assert {str(file): None} == absent
    assert first not in (absent, state([str(file)]))
    assert state([str(file)]) == state([str(file)])


@pytest.mark.parametrize(
    "arguments",
    [("--fix", "p"), ("--diff", "p"), ("--unsafe-fixes", "p"), ("--write-baseline", "b", "p"), ("-",)],
)
def test_what_changes_files_is_not_repeated(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run("check", "--watch", *arguments, folder=tmp_path)

    assert 2 == done.code
    assert "--watch" in done.err
