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
        "It still opens what it says, until somebody removes it or gives it a new day.",
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
    _page(
        9,
        "ports-of-no-protocol",
        "error",
        "Ports stand after something that has none.",
        "Ports go on with the protocol before them (`tcp 22, 80`). After a named service or `any` nobody could tell\n"
        "which protocol is meant: write `tcp 80`, or `any 80` for every protocol with ports.",
    ),
    _page(
        10,
        "rule-expires-soon",
        "info",
        "The day until which a rule holds comes within two weeks.",
        "Whoever needs the access should ask for more time before it is gone.",
    ),
    _page(
        11,
        "bad-include",
        "error",
        "A file that is included cannot be had.",
        "What it says would be missing. Files lie in the folder of the policy or below it, none includes itself, and\n"
        "each belongs to one module.",
    ),
    _page(
        12,
        "module-declared-twice",
        "error",
        "Two modules have the same name.",
        "Nobody could tell what a module of that name owns.",
    ),
    _page(
        13,
        "bad-constant",
        "error",
        "A constant is not defined, or does not fit where it is used.",
        "`$name` stands for a constant (`let`) or for what a loop (`for`) is at. A dollar sign stands in quotes.",
    ),
    _page(
        14,
        "too-much-written-out",
        "error",
        "Loops or constants become too much.",
        "Every loop is written out; a policy of that size would help nobody.",
    ),
    _page(
        15,
        "name-of-another-module",
        "error",
        "A name belongs to a module that does not export it.",
        "What a module does not export it may change or remove without asking anybody.",
    ),
    _page(
        16,
        "nothing-to-export",
        "error",
        "What a module exports is not its own.",
        "A module exports names that its own files define; those of the root can be seen everywhere.",
    ),
    _page(
        17,
        "set-not-exact",
        "error",
        "A set cannot be taken apart exactly.",
        "A policy only ever allows, so what `except` and `within` leave must be sayable by naming it. Groups of the\n"
        "policy and addresses can be taken apart; who carries a tag or has a role is a fact of the tailnet, which\n"
        "changes without the policy.",
    ),
    _page(
        18,
        "except-without-effect",
        "warning",
        "What is excepted is not there to begin with.",
        "It may be misspelled, and then it keeps nobody out.",
    ),
    _page(
        19,
        "nobody-left",
        "error",
        "Nothing is left of a list.",
        "A rule for nobody is a mistake, or should not be there.",
    ),
    _page(
        20,
        "not-owned",
        "error",
        "A module opens, tags, approves or configures what it does not own.",
        "What a module owns is said where it is declared. It may let anybody reach that, and nothing else.",
    ),
    _page(
        21,
        "not-for-modules",
        "error",
        "A statement stands in a module that only the root may have.",
        "It concerns the whole tailnet: options, raw sections, the default posture, assumptions of promises.",
    ),
    _page(
        22,
        "defined-by-itself",
        "error",
        "A name is made from itself.",
        "Groups and services may be made from others, but not in a circle.",
    ),
    _page(
        23,
        "owns-what-it-defines",
        "error",
        "A module is said to own a name that it defines itself.",
        "It could put any address or anybody into that name, and so make it its own.",
    ),
    _page(
        24,
        "cannot-be-joined",
        "error",
        "A file in HuJSON says what cannot be joined with the other files of the policy.",
        "Lists and named entries of several files become one. Of an option or a section of another form there can be\n"
        "only one, and which of two is meant nobody can guess.",
    ),
)
