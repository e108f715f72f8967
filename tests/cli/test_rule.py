"""`aclc rule`: pages offline."""

from __future__ import annotations

from pathlib import Path

from aclc.lint.catalogue import catalogue
from tests.cli.running import run


def test_a_page_by_code_or_name(tmp_path: Path) -> None:
    by_code = run("rule", "DEAD002", folder=tmp_path)

    assert (0, "") == (by_code.code, by_code.err)
    assert by_code.out.startswith("# DEAD002 unused-group\n")
    assert "## Why is this bad?" in by_code.out
    assert (
        by_code.out == run("rule", "unused-group", folder=tmp_path).out == run("rule", "dead002", folder=tmp_path).out
    )


def test_the_list_has_every_code_once(tmp_path: Path) -> None:
    lines = run("rule", folder=tmp_path).out.splitlines()

    assert sorted(entry.id for entry in catalogue()) == sorted(line.split()[0] for line in lines if line[:2] == "  ")


def test_a_family_is_a_shorter_list(tmp_path: Path) -> None:
    text = run("rule", "TLN", folder=tmp_path).out

    assert text.startswith("TLN: Tailnet files\n")
    assert "SYN001" not in text


def test_a_wrong_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = run("rule", "unused-grup", folder=tmp_path)

    assert 2 == done.code
    assert "did you mean `unused-group`?" in done.err
