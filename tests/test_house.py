"""The documents and the recipes agree with what is there."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from tests.corpus import REPOSITORY
from tests.goldens import unused

DOCUMENTS = sorted(
    chain(
        REPOSITORY.glob("*.md"),
        (REPOSITORY / "docs").rglob("*.md"),
        (REPOSITORY / "policies").rglob("*.md"),
    )
)
IDS = [path.relative_to(REPOSITORY).as_posix() for path in DOCUMENTS]


def make_targets() -> set[str]:
    """Give the targets of the Makefile that are meant for people."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_links_lead_somewhere(document: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", prose)
    files = [link.partition("#")[0] for link in links if not link.startswith(("http:", "https:", "#"))]
    assert [link for link in files if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"^make ([a-z]+)|`make ([a-z]+)", text, re.MULTILINE)
    assert {first or second for first, second in named} - make_targets() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_lines_of_documents_fit(document: Path) -> None:
    """Tables, and what programs print, are as wide as they are."""
    text = re.sub(r"<!-- written by aclc .*?<!-- end -->", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")] == []


def test_ci_and_pre_commit_call_make() -> None:
    """Whoever passes `make check` passes CI, and the hooks are neither stricter nor laxer."""
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    hooks = (REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert {"lint", "test", "demo", "conformance"} == set(re.findall(r"^ *make ([a-z]+)", ci, re.MULTILINE))
    assert ["make lint", "make test"] == re.findall(r"entry: (.*)", hooks)


def test_every_file_with_properties_is_in_the_table() -> None:
    text = (REPOSITORY / "docs" / "testing.md").read_text(encoding="utf-8")
    names = sorted(path.name for path in (REPOSITORY / "tests" / "properties").glob("test_*.py"))
    assert [name for name in names if f"`properties/{name}`" not in text] == []


def test_every_switched_off_rule_says_why() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)["tool"]["ruff"]["lint"]
    codes = [*settings["ignore"], *chain.from_iterable(settings["per-file-ignores"].values())]
    assert [code for code in codes if not re.search(rf'^ *"{code}",? +# \S', text, re.MULTILINE)] == []


def test_a_golden_that_nobody_asks_for_is_found(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    for name in ("cli/asked.txt", "cli/forgotten.txt", ".keep"):
        (tmp_path / name).touch()
    assert unused({"cli/asked.txt"}, tmp_path) == ["cli/forgotten.txt"]


def test_decisions_have_numbers_of_their_own() -> None:
    files = [path.name for path in (REPOSITORY / "docs" / "decisions").glob("*.md")]
    numbers = [name[:4] for name in files if name[:4].isdecimal()]
    assert sorted(set(numbers)) == sorted(numbers)
