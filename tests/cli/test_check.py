"""`aclc check`: what it prints, where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import aclc, piped, run
from tests.reports.schemas import CHECK

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

ODD_TAILNET = """{"schema_version": 1, "tailnet": "example.com", "colour": "red",
 "users": [{"login": "a@example.com"}],
 "nodes": [{"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.1"]}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good and a bad policy, and a tailnet file with a field that nobody knows."""
    (tmp_path / "policy.hujson").write_text(GOOD)
    (tmp_path / "bad.hujson").write_text(BAD)
    (tmp_path / "odd.json").write_text(ODD_TAILNET)
    return tmp_path


def test_clean_policy_exits_0_and_says_so(folder: Path) -> None:
    done = aclc("check", folder=folder)

    assert (0, b"No findings in policy.hujson.\n", b"") == (done.returncode, done.stdout, done.stderr)


def test_error_is_located_and_exits_1(folder: Path) -> None:
    done = aclc("check", "bad.hujson", folder=folder)
    text = done.stdout.decode()

    assert 1 == done.returncode
    assert text.startswith("bad.hujson:2:51: error REF002 undefined-tag: ")
    assert '2 |     "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],' in text
    assert text.endswith(
        "Found 1 error in bad.hujson. The control plane refuses it as it is. `--unsafe-fixes` can repair 1.\n"
    )


def test_standard_input_is_called_as_asked(folder: Path) -> None:
    done = run("check", "-", "--stdin-filename", "acl.hujson", "-o", "concise", folder=folder, stdin=BAD.encode())

    assert done.out.startswith("acl.hujson:2:51: error REF002 ")


def test_json_fits_its_schema(folder: Path) -> None:
    done = run("check", "bad.hujson", "-o", "json", folder=folder)
    document = json.loads(done.out)

    CHECK.validate(document)
    assert document["ok"] is False
    assert {"line": 2, "column": 51, "offset": 52} == document["diagnostics"][0]["span"]["start"]


def test_several_outputs_at_once(folder: Path) -> None:
    done = run("check", "bad.hujson", "-o", "concise", "-o", "json:found.json", folder=folder)

    assert "REF002" in done.out
    assert json.loads((folder / "found.json").read_text())["ok"] is False
    assert ["bad.hujson", "found.json", "odd.json", "policy.hujson"] == sorted(each.name for each in folder.iterdir())


def test_dash_is_standard_output(folder: Path) -> None:
    assert json.loads(run("check", "-o", "json:-", folder=folder).out)["ok"] is True


def test_report_in_a_file_has_no_colour(folder: Path) -> None:
    run("check", "bad.hujson", "-o", "text:found.txt", folder=folder, FORCE_COLOR="0")

    assert b"\x1b" not in (folder / "found.txt").read_bytes()


def test_several_files(folder: Path) -> None:
    done = run("check", "policy.hujson", "bad.hujson", folder=folder)

    assert 1 == done.code
    assert done.out.endswith(
        "Found 1 error in bad.hujson. The control plane refuses it as it is. `--unsafe-fixes` can repair 1.\n"
    )
    assert "No findings in 2 files.\n" == run("check", "policy.hujson", "./policy.hujson", folder=folder).out


def test_a_file_named_twice_is_checked_once(folder: Path) -> None:
    assert run("check", "bad.hujson", folder=folder) == run("check", "bad.hujson", "bad.hujson", folder=folder)


def test_findings_about_the_tailnet_are_located_in_it(folder: Path) -> None:
    done = run("check", "--tailnet", "odd.json", "-o", "concise", "--profile", "minimal", folder=folder)

    assert 0 == done.code
    assert done.out.startswith("odd.json:1:")
    assert "TLN005 tailnet-unknown-field" in done.out


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)], ids=str)
def test_fail_on_says_what_is_bad_enough(folder: Path, level: str, code: int) -> None:
    assert code == run("check", "--tailnet", "odd.json", "--fail-on", level, folder=folder).code


def test_fail_on_never_passes_errors(folder: Path) -> None:
    assert 0 == run("check", "bad.hujson", "--fail-on", "never", folder=folder).code


def test_quiet_leaves_the_count_out(folder: Path) -> None:
    assert "" == run("check", "-q", folder=folder).out
    assert "Found" not in run("check", "-q", "bad.hujson", folder=folder).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "missing.hujson"), "missing.hujson: no such file"),
        (("check", "."), ".: is a directory"),
        (("check", ""), "name is empty"),
        (("check", "x" * 300), "too long"),
        (("check", "\x1b[31m"), "Error: \\x1b[31m: no such file"),
        (("check", "policy.hujson", "--tailnet", "nowhere.json"), "nowhere.json: no such file"),
        (("check", "-o", "xml"), "'xml' is not one of"),
        (("check", "-o", "json:"), "names no file"),
        (("check", "-o", "json", "-o", "text"), "Two reports go to standard output"),
        (("check", "-o", "json:x", "-o", "text:x"), "Two reports go to the file 'x'"),
        (("chekc",), "Did you mean 'check'?"),
        (("zzz",), "There are: check, compile"),
        (("check", "--fail-onn", "error"), "--fail-on"),
        (("check", "bad.hujson", "-o", "json:no/such/folder/x.json"), "cannot be written: No such file"),
        (("check", "bad.hujson", "-o", "json:."), "cannot be written: is a directory"),
    ],
    ids=lambda value: " ".join(value)[:30].encode("unicode_escape").decode() if isinstance(value, tuple) else "",
)
def test_wrong_use_exits_2_and_says_what_is_wrong(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, folder=folder)

    assert (2, "") == (done.code, done.out)
    assert words in done.err


def test_wrong_use_shows_no_trace(folder: Path) -> None:
    done = aclc("check", "missing.hujson", folder=folder)

    assert (2, b"", b"Error: missing.hujson: no such file\n") == (done.returncode, done.stdout, done.stderr)


def test_no_policy_in_the_folder_is_said(tmp_path: Path) -> None:
    done = run("check", folder=tmp_path)

    assert 2 == done.code
    assert "no policy named" in done.err


def test_utf_16_is_named(folder: Path) -> None:
    """PowerShell's `>` writes it."""
    (folder / "wide.hujson").write_bytes(GOOD.encode("utf-16"))

    assert (2, "") == run("check", "wide.hujson", folder=folder)[:2]
    assert "is UTF-16" in run("check", "wide.hujson", folder=folder).err


HOSTILE = {
    "empty": b"",
    "NUL": b"\x00" * 100,
    "binary": bytes(range(256)),
    "deep list": b"[" * 20_000,
    "deep object": b'{"a":' * 10_000,
    "long number": b'{"acls": [' + b"9" * 100_000 + b"]}",
    "not UTF-8": b'{"groups": {"group:x": ["\xff\xfe"]}}',
    "BOM": b"\xef\xbb\xbf{}",
    "surrogate": b'{"acls": "\\ud800"}',
    "comment": b"/*",
    "null": b"null",
    "long line": b'{"acls": [' + b'{"action": "deny", "src": ["x"], "dst": ["y"]},' * 2_000 + b"]}",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_answered_with_findings(tmp_path: Path, hostile: bytes) -> None:
    done = run("check", "-", folder=tmp_path, stdin=hostile)

    assert (1, "") == (done.code, done.err)
    assert "error" in done.out


def test_policy_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = '{"\\u001b[31mred": 1, "x\x1b]0;title\x07": 2, "\u202e": 3}'
    done = run("check", "-", folder=tmp_path, stdin=hostile.encode())

    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "\\u202e" in done.out


def test_colour_only_when_asked_or_on_a_terminal(folder: Path) -> None:
    plain = aclc("check", "bad.hujson", folder=folder)
    forced = aclc("check", "bad.hujson", folder=folder, FORCE_COLOR="1")
    chosen = aclc("check", "bad.hujson", "--color", "never", folder=folder, FORCE_COLOR="1")
    refused = aclc("check", "bad.hujson", folder=folder, FORCE_COLOR="1", NO_COLOR="1")

    assert [False, True, False, False] == [b"\x1b[" in done.stdout for done in (plain, forced, chosen, refused)]


def test_output_without_unicode_is_ascii(folder: Path) -> None:
    (folder / "bad.hujson").write_text('{"acls": [{"action": "accept", "src": ["tag:é"],\n "dst": ["*:*"]}]}\n')

    done = aclc("check", "bad.hujson", folder=folder, PYTHONUTF8="0", PYTHONIOENCODING="ascii")

    assert done.stdout.isascii()
    assert rb"tag:\xe9" in done.stdout
    assert 1 == done.returncode


def test_help_names_every_subcommand_and_exit_code(tmp_path: Path) -> None:
    text = run("--help", folder=tmp_path).out

    assert all(word in text for word in ("check", "compile", "completion", "Exit codes"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_code_names_aclc(tmp_path: Path, shell: str) -> None:
    done = run("completion", shell, folder=tmp_path)

    assert 0 == done.code
    assert "_ACLC_COMPLETE" in done.out


def test_shells_complete_commands_options_and_files(tmp_path: Path) -> None:
    def completed(words: str) -> bytes:
        number = str(words.count(" "))
        done = aclc(folder=tmp_path, _ACLC_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=number)
        return done.stdout

    assert b"plain,check\n" == completed("aclc che")
    assert b"plain,--fail-on\n" == completed("aclc check --fa")
    assert b"file,po\n" == completed("aclc check po")
    assert b"plain,sarif\n" == completed("aclc check -o sa")


def test_a_reader_that_goes_away_is_no_fault_but_not_clean(folder: Path) -> None:
    """`aclc check … | head -1` ends quietly, and never with 0."""
    many = '{"acls": [' + ",".join('{"action": "deny", "src": ["x"], "dst": ["y:1"]}' for _ in range(1000)) + "]}"
    (folder / "many.hujson").write_text(many)

    done = piped("aclc check many.hujson | head -1", folder)

    assert (141, b"") == (done.returncode, done.stderr)
    assert 1 == done.stdout.count(b"\n")


def test_a_full_disk_is_said(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = piped("aclc check > /dev/full", folder)

    assert (2, b"Error: standard output cannot be written: No space left on device\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(("how", "code"), [(">&-", 1), ("2>&-", 1), ("<&-", 1)])
def test_closed_streams_are_no_fault(folder: Path, how: str, code: int) -> None:
    assert code == piped(f"aclc check bad.hujson {how}", folder).returncode


def test_closed_standard_input_is_said(folder: Path) -> None:
    done = piped("aclc check - <&-", folder)

    assert (2, b"Error: standard input is closed\n") == (done.returncode, done.stderr)


def test_standard_input_can_be_named_once(folder: Path) -> None:
    done = aclc("check", "-", "--tailnet", "-", folder=folder, stdin=GOOD.encode())

    assert 2 == done.returncode
    assert b"only once" in done.stderr


def test_a_report_can_go_to_a_device(folder: Path) -> None:
    """`/dev/stdout` is written to, not replaced."""
    done = piped("aclc check bad.hujson -o concise:/dev/stdout | cat", folder)

    assert done.stdout.startswith(b"bad.hujson:2:51: error REF002")
