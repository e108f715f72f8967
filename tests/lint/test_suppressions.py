"""Comments that silence findings: what they reach, and what is said about those that do nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.check import check_source
from aclc.diagnostics import Code, Severity
from aclc.lint.suppressions import silenced, suppressions
from aclc.source import Source, Span

CODE = Code("SEC999", "made-up", Severity.WARNING)
REFUSED = Code("REF999", "made-up", Severity.ERROR)
UNWRITABLE = Code("LNG999", "made-up", Severity.ERROR)
TODAY = date(2026, 6, 30)


def left(text: str, code: Code = CODE, *, ask_reasons: bool = False) -> list[str]:
    """Give the findings left of a text in which each `<…>` is one, and the slugs of those about comments."""
    source = Source("policy.hujson", text)
    found = []
    at = text.find('"<')
    while at >= 0:
        end = text.index('>"', at) + 2
        found.append(code.at(Span(source, at, end), "m"))
        at = text.find('"<', end)
    given_, faults = suppressions(source)
    kept = (*silenced(found, given_, TODAY, ask_reasons=ask_reasons), *faults)
    return [each.span.text.strip('"<>') if each.code == code else each.code.slug for each in kept]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["<a>", // aclc: ignore=made-up\n"<b>"]', ["b"]),
        ('["<a>", // aclc: ignore=SEC999\n"<b>"]', ["b"]),
        ('["<a>", /* aclc: ignore=made-up */ "<b>",\n"<c>"]', ["c"]),
        ('[// aclc: ignore=made-up\n"<a>"]', ["a", "unused-suppression"]),
        ('[\n// aclc: ignore=made-up\n"<a>",\n"<b>"]', ["b"]),
        ('[\n// aclc: ignore=made-up\n{"x": [\n"<a>"\n]},\n"<b>"]', ["b"]),
        ('[\n// aclc: ignore=made-up\n\n// more words\n"<a>",\n"<b>"]', ["b"]),
        ('[\n// aclc: ignore=made-up\n{"x": "}]",\n "y": "<a>"},\n"<b>"]', ["b"]),
        ('["https://<x", "<a>", // aclc: ignore=made-up\n"<b>"]', ["b"]),
        ('["// aclc: ignore=made-up <", "<a>"]', ["a"]),
        ('// aclc: ignore-file=made-up\n["<a>",\n"<b>"]', []),
        ('["<a>"]\n// aclc: ignore-file=made-up\n', []),
        ('["<a>", // aclc: ignore=other, made-up\n"<b>"]', ["b"]),
        ('["<a>"] // aclc: ignore=other\n', ["a", "unused-suppression"]),
        ('["<a>"] // aclc: ignore=made-up until=2026-06-30\n', []),
        ('["<a>"] // aclc: ignore=made-up until=2026-06-29\n', ["a", "expired-suppression"]),
        ('["<a>"] // aclc: ignore=made-up until=soon\n', ["a", "unreadable-suppression"]),
        ('["<a>"] // aclc: ignroe=made-up\n', ["a", "unreadable-suppression"]),
        ('["<a>"] // aclc: ignore made-up\n', ["a", "unreadable-suppression"]),
        ('["<a>"] // checked with aclc: all well\n', ["a"]),
        ('["<a>",] // aclc: ignore=made-up\r\n', []),
    ],
)
def test_what_a_comment_reaches(text: str, expected: list[str]) -> None:
    assert expected == left(text)


def test_what_a_control_plane_refuses_is_not_silenced() -> None:
    assert ["a", "unused-suppression"] == left('["<a>"] // aclc: ignore=made-up\n', REFUSED)


def test_a_module_does_not_excuse_itself_from_what_it_may_open() -> None:
    """What stands in no policy is an error of the language, and nothing silences these."""
    assert ["a", "unused-suppression"] == left('["<a>"] // aclc: ignore=made-up\n', UNWRITABLE)


def test_a_reason_is_asked_for_on_request() -> None:
    assert ["suppression-without-reason"] == left('["<a>"] // aclc: ignore=made-up\n', ask_reasons=True)
    assert [] == left('["<a>"] // aclc: ignore=made-up reason="because"\n', ask_reasons=True)


@given(st.text(st.sampled_from('aclc: ignore=,-"{}[]/*\n\\x0until2026'), max_size=60))
def test_no_text_raises(text: str) -> None:
    check_source(Source("policy.hujson", "// aclc: " + text), today=TODAY)
