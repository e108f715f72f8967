"""Every kind of finding has a page, and what the pages of the readers show is true."""

from __future__ import annotations

import re
from datetime import date

import pytest

from aclc.check import check_source
from aclc.config import read_config
from aclc.diagnostics import Diagnostic
from aclc.lint.catalogue import FAMILIES, Entry, catalogue, rule_names
from aclc.reach.properties.property_file import parse_properties
from aclc.source import Source
from tests.corpus import REPOSITORY

ENTRIES = catalogue()
_CODE = re.compile(r'Code\(\s*"([A-Z]+\d+)",\s*"([a-z0-9-]+)",\s*Severity\.(\w+)')
_EXAMPLE = re.compile(r"^```(\w+) (good|bad)\n(.*?)\n?^```$", re.MULTILINE | re.DOTALL)


def codes() -> set[tuple[str, str, str]]:
    """Give id, slug and severity of every code in the project's source."""
    found = set()
    for path in sorted((REPOSITORY / "aclc").rglob("*.py")):
        found |= {(each[0], each[1], each[2].lower()) for each in _CODE.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_code_of_the_project_has_a_page() -> None:
    assert sorted(codes()) == sorted((entry.id, entry.slug, entry.severity.label) for entry in ENTRIES)


def test_every_family_is_named() -> None:
    assert {entry.family for entry in ENTRIES} <= set(FAMILIES)


def test_every_page_has_a_summary_and_a_reason() -> None:
    assert [
        entry.id for entry in ENTRIES if not entry.summary.endswith(".") or "## Why is this bad?" not in entry.page
    ] == []


def found_in(language: str, text: str) -> tuple[Diagnostic, ...]:
    source = Source("example", text)
    if language == "toml":
        return read_config(source, rule_names).diagnostics
    if language == "text":
        return parse_properties(source).diagnostics
    return check_source(source, today=date(2026, 1, 1)).diagnostics


@pytest.mark.parametrize("entry", [each for each in ENTRIES if each.profile is None], ids=lambda each: each.slug)
def test_the_examples_of_pages_that_are_no_rules_are_true(entry: Entry) -> None:
    for language, kind, text in _EXAMPLE.findall(entry.page):
        slugs = {found.code.slug for found in found_in(language, text)}
        assert (kind == "bad") == (entry.slug in slugs), (text, slugs)
