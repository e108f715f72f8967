"""`aclc fmt` and `aclc etag` as a user runs them, and on every policy that the reference formatter was run on."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from aclc.syntax.hujson_format import format_hujson
from aclc.syntax.hujson_meaning import same_meaning
from tests.cli.running import run

MESSY = '// who\n{"acls":[\n{"action":"accept","src":["*"],   // all\n"dst":["*:*"]}]}'
NEAT = '// who\n{"acls": [\n\t{\n\t\t"action": "accept", "src": ["*"], // all\n\t\t"dst": ["*:*"],\n\t},\n]}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy that is not formatted, one that is, and one that is broken."""
    (tmp_path / "messy.hujson").write_text(MESSY)
    (tmp_path / "neat.hujson").write_text(format_hujson(MESSY) or "")
    (tmp_path / "broken.hujson").write_text('{"acls": [,]}')
    return tmp_path


def test_standard_output_and_standard_input(folder: Path) -> None:
    from_file = run("fmt", "messy.hujson", folder=folder)
    from_input = run("fmt", "-", folder=folder, stdin=MESSY.encode())

    assert (0, (folder / "neat.hujson").read_text()) == (from_file.code, from_file.out)
    assert from_file.out == from_input.out
    assert MESSY == (folder / "messy.hujson").read_text()


def test_write_changes_only_what_is_not_formatted(folder: Path) -> None:
    before = (folder / "neat.hujson").stat().st_mtime_ns
    done = run("fmt", "-w", "messy.hujson", "neat.hujson", folder=folder)

    assert (0, "", "reformatted messy.hujson\n") == (done.code, done.out, done.err)
    assert (folder / "neat.hujson").read_bytes() == (folder / "messy.hujson").read_bytes()
    assert before == (folder / "neat.hujson").stat().st_mtime_ns


def test_check_names_files_and_exits_1(folder: Path) -> None:
    done = run("fmt", "--check", "messy.hujson", "neat.hujson", folder=folder)

    assert (1, "", "would reformat messy.hujson\n") == (done.code, done.out, done.err)
    assert 0 == run("fmt", "--check", "neat.hujson", folder=folder).code


def test_diff_shows_lines_and_exits_1(folder: Path) -> None:
    done = run("fmt", "--diff", "messy.hujson", folder=folder)

    assert 1 == done.code
    assert done.out.startswith("--- a/messy.hujson\n+++ b/messy.hujson\n@@ ")
    assert "\\ No newline at end of file\n" in done.out
    assert (0, "") == (run("fmt", "--diff", "neat.hujson", folder=folder)[:2])


def test_broken_text_is_left_alone_and_its_errors_told(folder: Path) -> None:
    done = run("fmt", "-w", "broken.hujson", "messy.hujson", folder=folder)

    assert 1 == done.code
    assert "broken.hujson:1:" in done.err
    assert '{"acls": [,]}' == (folder / "broken.hujson").read_text()
    assert MESSY != (folder / "messy.hujson").read_text()


@pytest.mark.parametrize("hostile", [b"[" * 5000 + b"]" * 5000, b'{"a": "\\n\xff"}', b"", b"\x00"])
def test_what_cannot_be_formatted_without_loss_is_not(folder: Path, hostile: bytes) -> None:
    (folder / "odd.hujson").write_bytes(hostile)
    done = run("fmt", "-w", "odd.hujson", folder=folder)

    assert 1 == done.code
    assert "odd.hujson" in done.err
    assert hostile == (folder / "odd.hujson").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fmt", "messy.hujson", "neat.hujson"), "Several files need"),
        (("fmt", "-w", "--check", "messy.hujson"), "does not go with"),
        (("fmt",), "no policy named"),
        (("fmt", "nowhere.hujson"), "no such file"),
    ],
)
def test_wrong_use_exits_2(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, folder=folder)

    assert (2, "") == (done.code, done.out)
    assert words in done.err


def test_half_a_surrogate_pair_is_written_as_the_control_plane_reads_it(folder: Path) -> None:
    (folder / "odd.hujson").write_text('["\\ud800"]')

    assert (0, '["\ufffd"]\n') == run("fmt", "odd.hujson", folder=folder)[:2]


def test_etag_is_that_of_the_formatted_text(folder: Path) -> None:
    expected = hashlib.sha256((folder / "neat.hujson").read_bytes()).hexdigest()

    assert f"{expected}\n" == run("etag", "messy.hujson", folder=folder).out
    assert f'"{expected}"\n' == run("etag", "--quotes", "neat.hujson", folder=folder).out
    assert 1 == run("etag", "broken.hujson", folder=folder).code


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ('{"a": [1, 2], /* x */ "b": "c"}', True),
        ('{\n\t"a": [1, 2,],\n\t/* x */\n\t"b": "\\u0063",}', True),
        ('{"a": [1, 2], "b": "c"}', False),
        ('{"a": [1, 2], /* y */ "b": "c"}', False),
        ('{/* x */ "a": [1, 2], "b": "c"}', False),
        ('{"a": [1, 3], /* x */ "b": "c"}', False),
        ('{"a": [1, 2], /* x */ "b": "d"}', False),
        ('{"a": [1, 2], /* x */ "b": ["c"]}', False),
        ('{"a": [1 2], /* x */ "b": "c"}', False),
    ],
)
def test_meaning_is_values_and_comments(other: str, same: bool) -> None:
    assert same == same_meaning('{"a": [1, 2], /* x */ "b": "c"}', other)


def test_every_known_policy_is_formatted_as_the_reference_does(corpus: Path) -> None:
    """The hash of the formatted text of each newest file; a file without one is refused."""
    wrong = []
    with (corpus / "policies" / "format.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if not row["file"].startswith("head/"):
                continue
            text = (corpus / "policies" / row["file"]).read_bytes().decode("utf-8", "surrogateescape")
            formatted = format_hujson(text)
            expected = row["sha256_of_formatted"]
            if formatted is None:
                right = len(expected) != 64
            else:
                digest = hashlib.sha256(formatted.encode("utf-8", "surrogateescape")).hexdigest()
                right = digest == expected and same_meaning(text, formatted) and format_hujson(formatted) == formatted
            wrong += [] if right else [row["file"]]
    assert [] == wrong
