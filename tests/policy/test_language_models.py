"""Generated policies as text of the language: the same model comes back; and no text, however hostile, makes the reader
raise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.policy.language_grants import acls_as_allows
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.policy.read_language import read_language
from aclc.policy.write_language import language_text
from aclc.reports.style import Style
from aclc.reports.text import text_report
from aclc.source import Place, Source
from aclc.syntax.language_format import format_language
from tests.corpus import REPOSITORY
from tests.goldens import Golden
from tests.properties.strategies import policies

WRONG = REPOSITORY / "grammar" / "wrong"


def without_places(value: Any) -> Any:
    """Give a part of a model without where it was written."""
    if isinstance(value, Place):
        return None
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items()}
    if isinstance(value, tuple):
        named = getattr(value, "_fields", None)
        return (named, *(without_places(each) for each in value))
    return value


def same_model(one: Policy, other: Policy) -> None:
    """Hold two policies to each other, section by section."""
    for name, left, right in zip(one._fields, one, other, strict=True):
        if name != "document":
            assert without_places(left) == without_places(right), name


@settings(max_examples=max(settings().max_examples // 2, 30))
@given(policies())
def test_a_model_comes_back_from_the_language(value: dict[str, Any]) -> None:
    first = read_policy(Source("policy.hujson", json.dumps(value)))
    assert first.value is not None
    text = language_text(first.value, value)
    second = read_language(Source("policy.aclc", text))
    assert second.value is not None
    assert [] == [each.message for each in second.diagnostics if each.code.id.startswith("LNG")], text
    same_model(first.value, second.value)


@settings(max_examples=max(settings().max_examples // 20, 5))
@given(policies())
def test_a_model_comes_back_from_the_layout_of_the_language(value: dict[str, Any]) -> None:
    first = read_policy(Source("policy.hujson", json.dumps(value)))
    assert first.value is not None
    text = language_text(first.value, value)
    laid_out = format_language(text)
    assert laid_out is not None, text
    third = read_language(Source("policy.aclc", laid_out)).value
    assert third is not None
    same_model(first.value, third)
    allows, _ = acls_as_allows(Source("policy.aclc", laid_out))
    assert not read_language(Source("policy.aclc", allows)).failed, allows


WORDS = st.sampled_from([
    "allow", "->", "on", "any", "tcp", "22", "group", "tag", "web", "=", ",", "except", "within", "$x", "let", "for",
    "in", ":", "x", "include", "module", "from", '"', '"a"', "{", "}", "[", "]", "\n", "\n  ", "#", "//", "until",
    "owns", "2026-12-31", "test", "can", ";", "assert", "raw", "grants", "a@b.c", "10.0.0.0/8", "\x00", "\udcff", "é",
])  # fmt: skip


@given(st.lists(WORDS, max_size=40))
def test_no_words_of_the_language_make_it_raise(words: list[str]) -> None:
    source = Source("policy.aclc", " ".join(words))
    for found in read_language(source).diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(source.text)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_language(Source.from_bytes("policy.aclc", data))


@pytest.mark.parametrize(
    "text",
    [
        "raw x " + "[" * 50_000,
        "raw x [" + "1, " * 4_000 + "]",
        "raw x {" * 2_000,
        "allow " + "a, " * 4_000 + "-> any on any",
        "\n".join(["group g = g"] * 2_000),
        "\n".join(f"group g{n} = g{n + 1}, a{n}@x.y" for n in range(500)),
        "\n".join(f"service s{n} = s{n + 1}" for n in range(500)),
        "#\n" * 50_000 + "  allow",
        "allow any -> any on any\n" + "\n" * 50_000 + "  until 2026-12-31",
        '"' * 50_000,
        "$" * 50_000,
        "x" * 1_000_000,
        "\ufeffallow any -> any on any",
        "let a = " + "$a" * 5_000,
        "option a -" + "9" * 5_000,
        "option a " + "9" * 5_000,
    ],
    ids=range(16),
)
def test_hostile_text_is_answered(text: str) -> None:
    source = Source("policy.aclc", text)
    outcome = read_language(source)
    "".join(text_report(outcome.diagnostics[:20], Style()))


@pytest.mark.parametrize("path", sorted(WRONG.glob("*.aclc")), ids=lambda path: path.stem)
def test_what_is_wrong_is_told_well(path: Path, golden: Golden) -> None:
    """The examples of wrong input beside the grammar, and what is said of each."""
    found = read_language(Source(f"grammar/wrong/{path.name}", path.read_text(encoding="utf-8"))).diagnostics
    golden(f"language/{path.stem}.txt", "".join(text_report(found, Style())))
