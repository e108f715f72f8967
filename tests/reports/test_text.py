"""The report for people: every line of it."""

from __future__ import annotations

import random
import re
from textwrap import dedent

import pytest

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity, whole
from aclc.lint.catalogue import catalogue, reasons
from aclc.reports.safe_text import ascii_only, columns, leading, printable, trailing
from aclc.reports.text import Style, concise_report, summary, text_report
from aclc.source import Source, Span
from tests.reports.samples import hostile, ordinary

CODE = Code("REF002", "undefined-tag", Severity.ERROR)
PLAIN = Style()


def found(text: str, marked: str, nth: int = 0) -> Diagnostic:
    """Give a finding at the `nth` occurrence of some text."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(marked, at + 1)
    return CODE.at(Span(Source("p.hujson", text), at, at + len(marked)), "tag is not defined")


def report(diagnostic: Diagnostic, style: Style = PLAIN) -> str:
    """Give the report of one finding."""
    return "".join(text_report([diagnostic], style))


def drawing(diagnostic: Diagnostic, style: Style = PLAIN) -> list[str]:
    """Give the drawn lines of one finding."""
    return report(diagnostic, style).splitlines()[1:-1]


def test_a_finding_is_a_headline_a_drawing_and_remarks() -> None:
    text = '{\n  "src": ["tag:x"],\n}\n'
    source = Source("p.hujson", text)
    start = text.index('"tag:x"')
    span = Span(source, start, start + 7)
    diagnostic = CODE.at(
        span,
        "tag `tag:x` is not defined",
        help="declare it",
        notes=[Note(Span(source, 0, 1), "the policy begins here")],
        fix=Fix("write `tag:y`", (Edit(span, '"tag:y"'),), safe=True),
        control='src=tag not found: "tag:x"',
    )
    expected = """\
        p.hujson:2:11: error REF002 undefined-tag: tag `tag:x` is not defined
          |
        2 |   "src": ["tag:x"],
          |           ^^^^^^^
          = note: the policy begins here (p.hujson:1:1)
          |
        1 | {
          | -
          = help: declare it
          = fix: write `tag:y` (`--fix` does it)
          = the control plane says: src=tag not found: "tag:x"

        """

    assert dedent(expected) == report(diagnostic)


def test_line_numbers_of_a_finding_are_as_wide_as_the_widest() -> None:
    source = Source("p.hujson", "a\n" * 11 + "b\n")
    diagnostic = CODE.at(Span(source, 0, 1), "x", notes=[Note(Span(source, 22, 23), "there")])

    assert ["   |", " 1 | a", "   | ^", "   = note: there (p.hujson:12:1)", "   |", "12 | b", "   | -"] == report(
        diagnostic
    ).splitlines()[1:-1]


def test_tabs_are_drawn_as_blanks() -> None:
    assert ["  |", '1 |     "a":    1', "  |             ^"] == drawing(found('\t"a":\t1', "1"))


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert ["  |", '1 | 日本: "e\u0301x"', "  |       ^^^^"] == drawing(found('日本: "e\u0301x"', '"e\u0301x"'))
    assert ["  |", "1 | 日本", "  | ^^^^"] == drawing(found("日本", "日本"))


def test_a_point_is_one_mark_also_behind_the_end_of_a_line() -> None:
    source = Source("p.hujson", "ab\ncd\n")

    assert ["  |", "1 | ab", "  |   ^"] == drawing(CODE.at(Span(source, 2, 2), "x"))
    assert ["  |", "3 |", "  | ^"] == drawing(CODE.at(Span(source, 6, 6), "x"))


def test_an_empty_file_is_not_drawn() -> None:
    assert "p.hujson:1:1: error REF002 undefined-tag: x\n\n" == report(CODE.at(whole(Source("p.hujson", "")), "x"))


def test_carriage_returns_are_no_part_of_a_line() -> None:
    assert ["  |", "1 | ab", "  | ^^"] == drawing(found("ab\r\ncd\r\n", "ab"))


def test_several_lines_are_drawn_with_a_bracket() -> None:
    text = '{\n  "acls": [\n    {\n      "src": 1,\n    },\n'
    expected = """\
          |
        3 | /     {
        4 | |       "src": 1,
        5 | |     },
          | |_____^
        """

    assert dedent(expected).splitlines() == drawing(found(text, '{\n      "src": 1,\n    }'))


def test_several_lines_that_begin_behind_other_text_show_where() -> None:
    text = '{\n  "acls": [{\n    "src": 1}],\n'
    expected = """\
          |
        2 |     "acls": [{
          |  ____________^
        3 | |     "src": 1}],
          | |_____________^
        """

    assert dedent(expected).splitlines() == drawing(found(text, '{\n    "src": 1}'))


def test_of_many_lines_the_middle_is_left_out() -> None:
    text = "[\n" + "".join(f"  {number},\n" for number in range(8, 20)) + "]\n"
    expected = """\
           |
         1 | / [
         2 | |   8,
        .. | |
        14 | | ]
           | |_^
        """

    assert dedent(expected).splitlines() == drawing(found(text, text.strip()))


def test_long_lines_are_cut_around_the_mark() -> None:
    text = "a" * 300 + "TARGET" + "b" * 300

    assert [
        "  |",
        "1 | …" + "a" * 54 + "TARGET" + "b" * 14 + "…",
        "  | " + " " * 55 + "^^^^^^",
    ] == drawing(found(text, "TARGET"), Style(width=80))


def test_a_mark_longer_than_the_screen_is_cut() -> None:
    lines = drawing(found("ab" + "x" * 300 + "cd", "x" * 300), Style(width=60))

    assert "1 | ab" + "x" * 25 + "…cd" == lines[1]
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_drawing_is_wider_than_the_screen_and_marks_stand_under_the_text(width: int, unicode: bool) -> None:
    chance = random.Random(width)
    for _ in range(200):
        text = "".join(chance.choice("ab \t日é\u0301\x1b,") for _ in range(chance.randrange(1, 300)))
        start = chance.randrange(len(text))
        end = chance.randrange(start, len(text) + 1)
        diagnostic = CODE.at(Span(Source("p", text), start, end), "x")
        lines = drawing(diagnostic, Style(width=width, unicode=unicode))
        assert 3 == len(lines)
        assert all(columns(line) <= width for line in lines), (text, start, end)
        assert lines[2].endswith("^")
        assert unicode or all(line.isascii() for line in lines)


def test_a_megabyte_on_one_line_is_drawn_as_fast_as_a_short_one() -> None:
    """Only what is near the mark is looked at: a thousand findings here took minutes."""
    text = "x," * 500_000
    source = Source("p", text)

    for at in range(0, len(text), 1000):
        assert 3 == len(drawing(CODE.at(Span(source, at, at + 1), "x")))


def test_remarks_are_wrapped_but_not_the_words_of_the_control_plane() -> None:
    diagnostic = found("tag:x", "tag:x")._replace(help="word " * 20 + "end", control="word " * 20 + "end")
    lines = report(diagnostic, Style(width=60)).splitlines()

    assert "  = help: " + "word " * 9 + "word" == lines[4]
    assert "      " + "word " * 10 + "end" == lines[5]
    assert "  = the control plane says: " + "word " * 20 + "end" == lines[6]


def test_colour_adds_nothing_but_colour() -> None:
    for diagnostic in ordinary():
        colored = report(diagnostic, Style(color=True))
        assert "\x1b[1;3" in colored
        assert report(diagnostic) == re.sub(r"\x1b\[[0-9;]*m", "", colored)


def test_no_text_of_a_policy_reaches_the_terminal_as_it_is() -> None:
    for diagnostic in hostile():
        for text in (report(diagnostic), *concise_report([diagnostic], PLAIN), summary([diagnostic], ["x"], PLAIN)):
            assert set() == {each for each in text if not each.isprintable()} - {"\n", "\t"}
            text.encode("utf-8")


def test_one_line_per_finding_whatever_is_in_it() -> None:
    lines = "".join(concise_report(hostile(), PLAIN)).splitlines()

    assert len(hostile()) == len(lines)
    assert "infra/policy.hujson:3:21: error REF002 undefined-tag: tag `tag:ä` is not defined\n" == next(
        concise_report(ordinary(), PLAIN)
    )


REFUSED = " The control plane refuses it as it is."


def test_what_no_control_plane_knows_is_refused_by_none() -> None:
    promise = Code("PRP001", "forbidden-reach", Severity.ERROR).at(Span(Source("p.aclc", "x"), 0, 1), "broken")
    assert "Found 1 error in p.aclc.\n" == summary([promise], ["p.aclc"], PLAIN)


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ("", "No findings in p.hujson."),
        ("e", "Found 1 error in p.hujson. The control plane refuses it as it is."),
        ("eew", "Found 2 errors and 1 warning in p.hujson. The control plane refuses it as it is."),
        ("ewwii", "Found 1 error, 2 warnings and 2 info in p.hujson. The control plane refuses it as it is."),
    ],
)
def test_findings_are_counted(severities: str, expected: str) -> None:
    level = {"e": Severity.ERROR, "w": Severity.WARNING, "i": Severity.INFO}
    all_of_it = [found("x", "x")._replace(severity=level[each]) for each in severities]

    assert f"{expected}\n" == summary(all_of_it, ["p.hujson"], PLAIN)


def test_the_count_names_the_one_file_with_findings_or_how_many() -> None:
    one = found("x", "x")
    other = CODE.at(Span(Source("q", "x"), 0, 1), "x")

    assert f"Found 1 error in p.hujson.{REFUSED}\n" == summary([one], ["a", "p.hujson", "b"], PLAIN)
    both = summary([one, other], ["a", "p.hujson", "q"], PLAIN)
    assert "Found 2 errors in 2 files. The control plane refuses 2 of them as they are.\n" == both
    assert "No findings in 3 files.\n" == summary([], ["a", "b", "c"], PLAIN)


@pytest.mark.parametrize(
    ("text", "shown", "plain"),
    [
        ("a`b'c\t", "a`b'c\t", "a`b'c\t"),
        ("\x1b[31m", "\\x1b[31m", "\\x1b[31m"),
        ("\u202e\u2066", "\\u202e\\u2066", "\\u202e\\u2066"),
        ("\U000e0041", "\\U000e0041", "\\U000e0041"),
        ("\udcff", "\\xff", "\\xff"),
        ("\ud800", "\\ud800", "\\ud800"),
        ("a\u00a0b\u3000c", "a b c", "a b c"),
        ("é日…→", "é日…→", "\\xe9\\u65e5...->"),
        ("a\r\nb", "a\\x0d\\x0ab", "a\\x0d\\x0ab"),
    ],
)
def test_text_is_made_printable(text: str, shown: str, plain: str) -> None:
    assert (shown, plain) == (printable(text), ascii_only(printable(text)))


def test_text_is_cut_by_columns() -> None:
    assert ("日", "日", "e\u0301b") == (leading("日本", 3), leading("日本", 2), leading("e\u0301bc", 2))
    assert ("", "", "ab") == (leading("日本", 1), leading("ab", -1), leading("ab", 9))
    assert ("本", "", "ab", "b") == (trailing("日本", 3), trailing("日本", 0), trailing("ab", 9), trailing("ab", 1))


def test_why_it_matters_is_told_once_for_each_kind() -> None:
    one, other = found("x y", "x"), found("x y", "y")
    lines = "".join(text_report([one, other], PLAIN, {"REF002": "Nobody gets in.", "SEC001": "x"})).splitlines()

    assert ["  = why: Nobody gets in."] == [line for line in lines if "why" in line]
    assert lines.index("  = why: Nobody gets in.") < lines.index(
        "p.hujson:1:3: error REF002 undefined-tag: tag is not defined"
    )


@pytest.mark.parametrize(
    ("safe", "unsafe", "expected"),
    [
        (2, 0, " `--fix` can repair 2."),
        (0, 1, " `--unsafe-fixes` can repair 1."),
        (1, 2, " `--fix` can repair 1, `--unsafe-fixes` 2 more."),
    ],
)
def test_the_count_says_what_can_be_repaired(safe: int, unsafe: int, expected: str) -> None:
    one = found("x", "x")
    fixes = [Fix("f", (Edit(one.span, "y"),), safe=each < safe) for each in range(safe + unsafe)]
    some = [one, *(one._replace(fix=fix) for fix in fixes)]

    assert f"Found {len(some)} errors in p.hujson.{REFUSED}{expected}\n" == summary(some, ["p.hujson"], PLAIN)


def test_reasons_say_more_than_that_it_is_refused() -> None:
    told = reasons({entry.id for entry in catalogue()})
    assert "whoever tags a device" in told["DEAD001"]
    assert not {"", "The control plane refuses it."} & set(told.values())
    assert "VAL006" not in told
    assert sorted({entry.id: entry.why for entry in catalogue() if entry.id in told}.items()) == sorted(told.items())


@pytest.mark.parametrize("codes", [(), ("DEAD001",), ("DEAD001", "LNG001"), ("OPS007",), ("TLN001", "SYN001")])
def test_reasons_of_some_are_those_of_all(codes: tuple[str, ...]) -> None:
    every = reasons({entry.id for entry in catalogue()})
    assert {code: every[code] for code in codes if code in every} == reasons(codes)
