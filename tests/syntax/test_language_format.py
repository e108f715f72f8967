"""The layout of the aclc language: one, kept by itself, and without any say in what a text means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.policy.read_hujson import read_policy
from aclc.policy.write_language import language_text
from aclc.source import Source
from aclc.syntax.language_format import WIDTH, format_language, same_statements
from tests.corpus import REPOSITORY, corpus_files, needs_corpus

WRITTEN = """\


//people
group   eng=alice@example.com,bob@example.com   # all
tag web   owned by eng,admin


allow eng
   -> tag web    # why
   on tcp 22,80 , https
attr any:  funnel, pool 100.64.1.0/24
test alice@example.com: can tag:web:443;cannot tag:db:22,tag:x:3
raw derpMap {"a":{
"b":[1,-2,{}],
}}
assert   only  tag:web   reach tag:db,tag:x on tcp 22
assert isolated tag:a|tag:b
"""

FORMATTED = """\
# people
group eng = alice@example.com, bob@example.com  # all
tag web owned by eng, admin

allow eng
    -> tag web  # why
    on tcp 22, 80, https
attr any: funnel, pool 100.64.1.0/24
test alice@example.com: can tag:web:443; cannot tag:db:22, tag:x:3
raw derpMap {"a": {"b": [1, -2, {}]}}
assert only tag:web reach tag:db, tag:x on tcp 22
assert isolated tag:a | tag:b
"""

LONG = "allow alice@example.com, bob@example.com -> tag web, tag db on tcp 22, 443 until 2026-12-31 because "


def test_blanks_and_lines_have_one_place() -> None:
    assert FORMATTED == format_language(WRITTEN)


def test_a_long_statement_has_a_line_for_each_clause() -> None:
    assert format_language(f'{LONG}"they asked for it"') == (
        "allow alice@example.com, bob@example.com\n    -> tag web, tag db\n    on tcp 22, 443\n    until 2026-12-31\n"
        '    because "they asked for it"\n'
    )


def test_a_list_that_is_too_long_for_a_line_has_several() -> None:
    people = [f"somebody.number{number}@example.com" for number in range(9)]

    written = format_language(f"group eng = {', '.join(people)}")

    assert written is not None
    assert all(len(line) <= WIDTH for line in written.splitlines())
    assert re.split(r"[\s,]+", written.split("= ")[1].strip()) == people


@pytest.mark.parametrize("text", ["", "\n\n", "# only this\n", "allow any -> any on any\r\n\r\n# x\r\n"])
def test_small_texts(text: str) -> None:
    once = format_language(text)

    assert once is not None
    assert "\r" not in once
    assert once == format_language(once)


@pytest.mark.parametrize("text", ["allow any any", "raw x " + "[" * 5000, "\x00", '"'])
def test_text_with_errors_has_no_layout(text: str) -> None:
    assert format_language(text) is None


def texts() -> list[str]:
    """Give texts of the language: those written by hand, and the examples converted."""
    folder = REPOSITORY / "policies"
    found = [WRITTEN, FORMATTED, LONG + '"x"']
    found += (path.read_text(encoding="utf-8") for path in sorted(folder.glob("**/*.aclc")))
    found += (converted(path) for path in sorted(folder.glob("*/policy.hujson")))
    return [text for text in found if format_language(text) is not None]


def converted(path: Path) -> str:
    """Give a HuJSON policy in the language, as `aclc convert` writes it before any layout."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    policy = read_policy(Source("policy.hujson", text)).value
    assert policy is not None
    return language_text(policy, policy.sections)


@given(data=st.data())
def test_other_blanks_lines_and_comments_change_no_word(data: st.DataObject) -> None:
    """However a text is laid out, its layout says the same, keeps every comment, and is kept by itself."""
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    start = data.draw(st.integers(0, max(0, len(lines) - 12)))
    chosen = "\n".join(lines[start : start + 12]) + "\n"
    if format_language(chosen) is None:  # cut through a statement
        return
    pieces = re.split(r'("(?:[^"\\\n]|\\.)*"|(?:#|//)[^\n]*|\n|[ \t]+)', chosen)
    blanks = st.sampled_from([" ", "  ", "\t", "\n  ", " # said\n  ", "\n\n \t", "\n# told\n  "])
    laid = "".join(data.draw(blanks) if piece and not piece.strip(" \t") else piece for piece in pieces)
    if not (chosen.startswith((" ", "\t")) or laid[:1].isspace()):
        once = format_language(laid)
        assert once is not None, laid
        assert same_statements(laid, once), laid
        assert once == format_language(once)


@needs_corpus
def test_real_policies_in_the_language_keep_their_layout() -> None:
    seen = 0
    for path in corpus_files("policies/head/*")[::3]:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if read_policy(Source("policy.hujson", text)).failed:
            continue
        written = converted(path)
        once = format_language(written)
        assert once is not None
        assert same_statements(written, once), path.name
        assert once == format_language(once)
        seen += 1
    assert seen > 10


TEXTS = texts()


def test_json_that_does_not_fit_is_laid_out_by_its_members() -> None:
    value = (
        '[{"impersonate": {"groups": ["system:masters"]}, "recorder": ["tag:k8s-recorder"], "enforceRecorder": true}]'
    )
    names = ", ".join(f'"name{number}.example.com"' for number in range(6))
    text = f"allow eng -> tag k8s on any app tailscale.com/cap/kubernetes {value} until 2027-01-01\nraw x [{names}]\n"

    formatted = format_language(text)

    assert (
        """\
allow eng
    -> tag k8s
    on any
    app tailscale.com/cap/kubernetes [{
        "impersonate": {"groups": ["system:masters"]},
        "recorder": ["tag:k8s-recorder"],
        "enforceRecorder": true
    }]
    until 2027-01-01
raw x [
    "name0.example.com", "name1.example.com", "name2.example.com", "name3.example.com",
    "name4.example.com", "name5.example.com"
]
"""
        == formatted
    )
    assert formatted == format_language(formatted)
    assert same_statements(text, formatted)


def test_a_long_list_behind_json_is_wrapped() -> None:
    places = ", ".join(f"10.0.0.{number}:443" for number in range(12))

    formatted = format_language(f'test ann@x.com with {{"node:os": "linux"}}: can {places}; cannot 10.1.0.1:22\n')

    assert (
        """\
test ann@x.com
    with {"node:os": "linux"}: can 10.0.0.0:443, 10.0.0.1:443, 10.0.0.2:443, 10.0.0.3:443,
        10.0.0.4:443, 10.0.0.5:443, 10.0.0.6:443, 10.0.0.7:443, 10.0.0.8:443, 10.0.0.9:443,
        10.0.0.10:443, 10.0.0.11:443;
    cannot 10.1.0.1:22
"""
        == formatted
    )
