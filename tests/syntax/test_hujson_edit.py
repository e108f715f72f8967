"""Edits take away what they say, one comma with it, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.diagnostics import Edit
from aclc.source import Path, Source
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append, delete, delete_elements, rename_key, replace_value
from aclc.syntax.hujson_read import parse_hujson


def parsed(text: str) -> HujsonDocument:
    read = parse_hujson(Source("x.hujson", text))
    assert read.value is not None
    assert [each for each in read.diagnostics if each.code.slug != "bom-crlf"] == []
    return read.value


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        ('["a", "b", "c"]', 0, '["b", "c"]'),
        ('["a", "b", "c"]', 1, '["a", "c"]'),
        ('["a", "b", "c"]', 2, '["a", "b"]'),
        ('["a", "b", ]', 1, '["a", ]'),
        ('["a"]', 0, "[]"),
        ('["a",]', 0, "[]"),
        ('[ "a", /* one */ "b" /* two */ ]', 1, '[ "a" /* one */ /* two */ ]'),
        ('[{\n "x": 1,\n}, {\n "y": 2,\n}]', 0, '[{\n "y": 2,\n}]'),
        ('[{\n "x": 1,\n}, {\n "y": 2,\n}]', 1, '[{\n "x": 1,\n}]'),
        ('[\n  "a",\n  "b",\n]', 0, '[\n  "b",\n]'),
        ('[\n  "a",\n  "b",\n]', 1, '[\n  "a",\n]'),
        ('[\n  "a",\n  "b"\n]', 1, '[\n  "a"\n]'),
        ('[\n  "a", // of a\n  "b" // of b\n]', 1, '[\n  "a" // of a\n]'),
        ('[\n  "a", // of a\n  "b" // of b\n]', 0, '[\n  "b" // of b\n]'),
        ('[\n  // of a\n  "a",\n  // of b\n  "b",\n]', 0, '[\n  // of b\n  "b",\n]'),
        ('[\n  // of a\n  "a",\n  // of b\n  "b",\n]', 1, '[\n  // of a\n  "a",\n]'),
        ('[\n  // of both\n  "a",\n  "b",\n]', 0, '[\n  // of both\n  "b",\n]'),
        ('[\n  // far\n\n  "a",\n\n  "b",\n]', 0, '[\n  // far\n\n\n  "b",\n]'),
        ('[\n  "a", "b",\n  "c"\n]', 1, '[\n  "a",\n  "c"\n]'),
        ('[\r\n  "a",\r\n  "b"\r\n]', 1, '[\r\n  "a"\r\n]'),
        ('[\n  "a" // of a, really\n  , "b"\n]', 1, '[\n  "a" // of a, really\n  \n]'),
    ],
)
def test_an_element_goes_with_one_comma_and_its_own_comments(text: str, at: int, wanted: str) -> None:
    found = applied(text, delete(parsed(text), (at,)))
    before = parsed(text).value
    assert isinstance(before, list)
    assert found == wanted
    assert parsed(found).value == before[:at] + before[at + 1 :]


def test_a_member_goes_with_its_key() -> None:
    text = '{\n  "a": 1, // one\n  "b": [\n    2,\n  ],\n  "c": 3\n}'
    assert applied(text, delete(parsed(text), ("b",))) == '{\n  "a": 1, // one\n  "c": 3\n}'
    assert applied(text, delete(parsed(text), ("c",))) == '{\n  "a": 1, // one\n  "b": [\n    2,\n  ]\n}'


def test_several_elements_of_one_list() -> None:
    text = '{"x": ["a", "b", "c", "d"]}'
    assert applied(text, delete_elements(parsed(text), ("x",), [1, 2, 3])) == '{"x": ["a"]}'
    assert applied(text, delete_elements(parsed(text), ("x",), [0, 2])) == '{"x": ["b", "d"]}'


def test_a_key_and_a_value_change_in_place() -> None:
    text = '{ "users" : ["a"], /* b */ }'
    assert applied(text, rename_key(parsed(text), ("users",), "src")) == '{ "src" : ["a"], /* b */ }'
    assert applied(text, replace_value(parsed(text), ("users", 0), '"c"')) == '{ "users" : ["c"], /* b */ }'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[]", '["z"]'),
        ('["a"]', '["a", "z"]'),
        ('["a",]', '["a", "z",]'),
        ('[\n  "a"\n]', '[\n  "a",\n  "z"\n]'),
        ('[\n  "a", // of a\n]', '[\n  "a", // of a\n  "z",\n]'),
        ('[\n  "a" // of a\n]', '[\n  "a", // of a\n  "z"\n]'),
        ('[\r\n  "a",\r\n]', '[\r\n  "a",\r\n  "z",\r\n]'),
    ],
)
def test_an_element_is_added_as_the_last_stands(text: str, wanted: str) -> None:
    assert applied(text, append(parsed(text), (), '"z"')) == wanted


GAPS = st.sampled_from(["", " ", "\n", "\n\n  ", ' // c, "x" ]\n', " /* , */ ", "\n  // [\n  "])


@given(st.data())
def test_whatever_the_layout_only_the_element_goes(data: st.DataObject) -> None:
    """Comments of elements that stay are all kept where they stand apart from the one that goes."""
    count = data.draw(st.integers(1, 5))
    pieces = []
    for number in range(count):
        comma = "," if number < count - 1 or data.draw(st.booleans()) else ""
        value = data.draw(st.sampled_from([f'"v{number}"', f'{{\n "k": {number},\n}}', f"[{number}]"]))
        pieces.append(f"{data.draw(GAPS)}{value}{data.draw(GAPS)}{comma}")
    text = f"[{''.join(pieces)}{data.draw(GAPS)}]\n"
    before = parsed(text).value
    assert isinstance(before, list)
    gone = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    found = applied(text, delete_elements(parsed(text), (), gone))
    assert parsed(found).value == [each for at, each in enumerate(before) if at not in gone]
    commas = len(re.findall(",", text)) - len(re.findall(",", found))
    assert commas >= len(gone) - 1


def test_a_path_into_a_nested_list_is_followed() -> None:
    path: Path = ("acls", 1, "src", 0)
    text = '{"acls": [{"src": ["a"]}, {"src": ["b", "c"]}]}'
    assert applied(text, delete(parsed(text), path)) == '{"acls": [{"src": ["a"]}, {"src": ["c"]}]}'
