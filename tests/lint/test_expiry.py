from __future__ import annotations

from datetime import date

from aclc.check import check_source
from aclc.lint.expiry import expirations
from aclc.source import Source

TODAY = date(2026, 6, 15)


def told(comment: str) -> list[tuple[str, str]]:
    source = Source("policy.hujson", f'{{"grants": [{comment}\n]}}')
    return [(found.severity.label, found.message) for found in expirations(source, TODAY)]


def test_a_day_that_is_over() -> None:
    assert told("// aclc: expires=2026-06-14") == [
        ("warning", "this was meant to stand until 2026-06-14, and still does")
    ]


def test_the_day_itself_and_two_weeks_before_it() -> None:
    for day, when in (("2026-06-15", "today"), ("2026-06-16", "tomorrow"), ("2026-06-29", "in 14 days")):
        assert told(f"/* aclc: expires={day} */") == [("info", f"this is meant to stand until {day}, which is {when}")]
    assert told("// aclc: expires=2026-06-30") == []


def test_what_is_no_day_is_told_as_unreadable() -> None:
    assert told("// aclc: expires=soon") == [("warning", "`soon` is no date")]


def test_text_in_strings_and_other_comments_say_nothing() -> None:
    assert told('"aclc: expires=2020-01-01"') == told("// expires 2020-01-01") == []


def test_it_is_no_suppression_and_can_be_silenced() -> None:
    text = '{"grants": [\n%s{"src": ["*"], "dst": ["*"], "ip": ["*"]} // aclc: expires=2020-01-01\n]}'
    slugs = {found.code.slug for found in check_source(Source("p.hujson", text % ""), today=TODAY).diagnostics}
    assert "expired-access" in slugs
    assert "unreadable-suppression" not in slugs
    silenced = text % "// aclc: ignore=expired-access\n"
    slugs = {found.code.slug for found in check_source(Source("p.hujson", silenced), today=TODAY).diagnostics}
    assert "expired-access" not in slugs
