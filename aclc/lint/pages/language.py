"""Pages about policies in aclc's own language."""

from __future__ import annotations

from aclc.lint.pages.page import Page


def _page(number: int, slug: str, severity: str, summary: str, why: str) -> Page:
    return Page(f"LNG{number:03}", slug, severity, summary, why)


LANGUAGE = (
    _page(
        1,
        "language-syntax",
        "error",
        "A statement cannot be read.",
        "It would say nothing; the statements around it are read all the same.",
    ),
    _page(
        2,
        "unknown-name",
        "error",
        "A name is not defined.",
        "The statement that uses it would mean nobody, or be refused by the control plane.",
    ),
    _page(
        3,
        "name-defined-twice",
        "error",
        "A name is defined twice.",
        "Nobody could tell which of the two counts.",
    ),
    _page(
        4,
        "expired-rule",
        "warning",
        "The day until which a rule holds is over.",
        "It opens nothing any more: remove it, or give it a new day.",
    ),
    _page(
        5,
        "rule-opens-nothing",
        "error",
        "A rule opens no service.",
        "It allows nothing, which nobody writes on purpose.",
    ),
    _page(
        6,
        "ambiguous-name",
        "error",
        "A name could mean several things.",
        "Groups, tags and hosts share one space of names; write the kind before the name.",
    ),
    _page(7, "bad-date", "error", "A date is none.", "Write the year, the month and the day: `2026-12-31`."),
    _page(
        8,
        "clause-given-twice",
        "error",
        "A statement has the same clause twice.",
        "Only one of them could count.",
    ),
)
