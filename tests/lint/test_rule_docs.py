"""`docs/rules` is what the rules say of themselves; `--update-goldens` writes it anew."""

from __future__ import annotations

import pytest

from aclc.lint.catalogue import catalogue
from aclc.reports.rule_pages import index_text, page_text
from tests.corpus import REPOSITORY

FOLDER = REPOSITORY / "docs" / "rules"


def pages() -> dict[str, str]:
    """Give file name → text of every page."""
    return {"README.md": index_text(catalogue()), **{f"{each.slug}.md": page_text(each) for each in catalogue()}}


def test_the_pages_are_what_the_rules_say(request: pytest.FixtureRequest) -> None:
    expected = pages()
    if request.config.getoption("--update-goldens"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in FOLDER.glob("*.md"):
            if path.name not in expected:
                path.unlink()
        for name, text in expected.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert sorted(expected) == sorted(there), "run `make goldens` and look at docs/rules"
    for name, text in expected.items():
        assert text == there[name], f"docs/rules/{name} differs: run `make goldens`"
