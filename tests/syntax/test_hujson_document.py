"""Where the parts of a HuJSON file stand."""

from __future__ import annotations

from aclc.source import Source
from aclc.syntax.hujson_read import HujsonDocument, parse_hujson

ALIASES = {"src": ("users", "user"), "dst": ("ports",)}


def read(text: str) -> HujsonDocument:
    """Give the document for a text without errors."""
    document = parse_hujson(Source("t", text), ALIASES).value
    assert document is not None
    return document


def test_value_and_key_are_found_as_written() -> None:
    """A path leads to the text of the value, the key span has the quotes."""
    document = read('{ // c\n "acls": [ {"src": ["a", "b"]}, ], }\n')
    assert document.span(("acls", 0, "src", 1)).text == '"b"'
    assert document.key_span(("acls", 0, "src")).text == '"src"'
    assert document.span(()).text == '{ // c\n "acls": [ {"src": ["a", "b"]}, ], }'


def test_other_case_and_legacy_spellings_are_found() -> None:
    """Canonical paths find `ACLs` and `Users`."""
    document = read('{"ACLs": [{"Users": ["a"], "ports": ["b:1"]}]}')
    assert document.span(("acls", 0, "src", 0)).text == '"a"'
    assert document.key_span(("acls", 0, "dst")).text == '"ports"'


def test_path_to_nothing_gives_the_deepest_part() -> None:
    """A missing key is shown at the object that lacks it."""
    document = read('{"acls": [{"src": []}]}')
    assert document.span(("acls", 0, "action")).text == '{"src": []}'
    assert document.span(("grants", 0)).text == '{"acls": [{"src": []}]}'
    assert not document.has(("acls", 0, "action"))


def test_duplicates_are_searched_last_first() -> None:
    """What the later object lacks is found in the earlier one."""
    document = read('{"groups": {"a": [1], "b": [2]}, "groups": {"a": [3]}}')
    assert document.value == {"groups": {"a": [3], "b": [2]}}
    assert document.span(("groups", "a", 0)).text == "3"
    assert document.span(("groups", "b", 0)).text == "2"


def test_part_of_a_string_is_exact_beside_escapes() -> None:
    """Offsets count decoded characters; an escaped pair of surrogates is one of them."""
    document = read(r'["a\n\u00e9\"b:22", "plain:443"]')
    assert document.value == ['a\né"b:22', "plain:443"]
    assert document.string_span((0,), 6, 8).text == "22"
    assert document.string_span((0,), 1, 3).text == r"\n\u00e9"
    assert document.string_span((0,), 0, 99).text == r"a\n\u00e9\"b:22"
    assert document.string_span((1,), 6, 9).text == "443"
