"""`aclc check` as a user runs it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

GOOD = """// opens the web servers
{
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
	"tests": [{"src": "a@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}],
}
"""

BAD = """{
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
}
"""


def aclc(*arguments: str, folder: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run aclc in a folder and give what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "aclc", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good and a bad policy."""
    (tmp_path / "policy.hujson").write_text(GOOD)
    (tmp_path / "bad.hujson").write_text(BAD)
    return tmp_path


def test_clean_policy_exits_0_and_says_so(folder: Path) -> None:
    done = aclc("check", folder=folder)

    assert (0, b"No findings in policy.hujson.\n", b"") == (done.returncode, done.stdout, done.stderr)


def test_error_is_located_and_exits_1(folder: Path) -> None:
    done = aclc("check", "bad.hujson", folder=folder)
    text = done.stdout.decode()

    assert 1 == done.returncode
    assert text.startswith("bad.hujson:2:52: error REF002 undefined-tag: ")
    assert '2 |     "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],' in text
    assert text.endswith("Found 1 error in bad.hujson.\n")


def test_standard_input_is_called_as_asked(folder: Path) -> None:
    done = aclc("check", "-", "--stdin-filename", "acl.hujson", "-o", "concise", folder=folder, stdin=BAD.encode())

    assert done.stdout.startswith(b"acl.hujson:2:52: error REF002 ")


def test_json_fits_its_schema(folder: Path) -> None:
    done = aclc("check", "bad.hujson", "-o", "json", folder=folder)
    document = json.loads(done.stdout)
    schema = json.loads(files("aclc.reports").joinpath("check.schema.json").read_text())

    jsonschema.validate(document, schema)
    assert document["ok"] is False
    assert {"line": 2, "column": 52, "offset": 53} == document["diagnostics"][0]["span"]["start"]


def test_several_outputs_at_once(folder: Path) -> None:
    done = aclc("check", "bad.hujson", "-o", "concise", "-o", "json:found.json", folder=folder)

    assert b"REF002" in done.stdout
    assert json.loads((folder / "found.json").read_text())["ok"] is False
    assert sorted(each.name for each in folder.iterdir()) == ["bad.hujson", "found.json", "policy.hujson"]


def test_several_files(folder: Path) -> None:
    done = aclc("check", "policy.hujson", "bad.hujson", folder=folder)

    assert 1 == done.returncode
    assert done.stdout.endswith(b"Found 1 error in 2 files.\n")


def test_fail_on_never_exits_0(folder: Path) -> None:
    assert 0 == aclc("check", "bad.hujson", "--fail-on", "never", folder=folder).returncode


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "missing.hujson"), b"missing.hujson: no such file"),
        (("check", "."), b".: is a directory"),
        (("check", "policy.hujson", "--tailnet", "nowhere.json"), b"nowhere.json: no such file"),
        (("check", "-o", "xml"), b"'xml' is not one of"),
        (("chekc",), b"Did you mean 'check'?"),
        (("check", "--fail-onn", "error"), b"--fail-on"),
        (("check", "bad.hujson", "-o", "json:no/such/folder/x.json"), b"cannot be written"),
    ],
)
def test_wrong_use_exits_2_without_a_trace(folder: Path, arguments: tuple[str, ...], words: bytes) -> None:
    done = aclc(*arguments, folder=folder)

    assert 2 == done.returncode
    assert words in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_policy_in_the_folder_is_said(tmp_path: Path) -> None:
    done = aclc("check", folder=tmp_path)

    assert 2 == done.returncode
    assert b"no policy named" in done.stderr


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00" * 100,
        bytes(range(256)),
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b'{"acls": [' + b"9" * 100_000 + b"]}",
        b'{"groups": {"group:x": ["\xff\xfe"]}}',
        b"\xef\xbb\xbf{}",
        b'{"acls": "\\ud800"}',
        b"/*",
        b"null",
    ],
    ids=["empty", "NUL", "binary", "deep list", "deep object", "long number", "not UTF-8", "BOM", "surrogate", "comment", "null"],
)
def test_hostile_text_is_answered_with_findings(tmp_path: Path, hostile: bytes) -> None:
    done = aclc("check", "-", folder=tmp_path, stdin=hostile)

    assert 1 == done.returncode, done.stderr.decode()
    assert b"" == done.stderr
    assert b"error" in done.stdout


def test_policy_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    done = aclc("check", "-", folder=tmp_path, stdin='{"\\u001b[31mred": 1, "x\x1b]0;title\x07": 2, "‮": 3}'.encode())

    assert b"\x1b" not in done.stdout
    assert "‮".encode() not in done.stdout


def test_colour_only_when_asked_or_on_a_terminal(folder: Path) -> None:
    plain = aclc("check", "bad.hujson", folder=folder)
    forced = aclc("check", "bad.hujson", folder=folder, FORCE_COLOR="1")
    chosen = aclc("check", "bad.hujson", "--color", "never", folder=folder, FORCE_COLOR="1")
    refused = aclc("check", "bad.hujson", folder=folder, FORCE_COLOR="1", NO_COLOR="1")

    assert [False, True, False, False] == [b"\x1b[" in done.stdout for done in (plain, forced, chosen, refused)]


def test_output_without_unicode_is_ascii(folder: Path) -> None:
    (folder / "bad.hujson").write_text('{"acls": [{"action": "accept", "src": ["tag:é"],\n "dst": ["*:*"]}]}\n')

    done = aclc("check", "bad.hujson", folder=folder, PYTHONIOENCODING="ascii")

    assert done.stdout.isascii()
    assert 1 == done.returncode


def test_help_names_every_subcommand_and_exit_code(tmp_path: Path) -> None:
    text = aclc("--help", folder=tmp_path).stdout.decode()

    assert all(word in text for word in ("check", "compile", "completion", "Exit codes"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_code_names_aclc(tmp_path: Path, shell: str) -> None:
    done = aclc("completion", shell, folder=tmp_path)

    assert 0 == done.returncode
    assert b"_ACLC_COMPLETE" in done.stdout


def test_closed_pipe_is_no_fault(folder: Path) -> None:
    """`aclc check … | head -1` ends quietly."""
    many = '{"acls": [' + ",".join('{"action": "deny", "src": ["x"], "dst": ["y:1"]}' for _ in range(3000)) + "]}"
    (folder / "many.hujson").write_text(many)

    done = subprocess.run(
        f"{sys.executable} -m aclc check many.hujson | head -1", shell=True, cwd=folder, capture_output=True, check=False
    )

    assert b"" == done.stderr
