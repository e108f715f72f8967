"""The readers read the language that `grammar/hujson.lark` writes down, no more and no less."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from aclc.diagnostics import has_errors
from aclc.source import Source
from aclc.syntax.grammar_files import grammar_text
from aclc.syntax.hujson_document import Value, merge_duplicates
from aclc.syntax.hujson_read import DUPLICATE_KEY, parse_hujson
from aclc.syntax.hujson_recover import recover
from tests.fuzz import fuzz_hujson

GRAMMAR = Lark(grammar_text("hujson.lark"), parser="lalr", lexer="basic")

RIGHT = (
    "{}",
    "[]",
    " \t\r\n1 ",
    '{"a": 1,}',
    "[1,]",
    '// c\n{"a" /* b */ : // d\n [1, /* , ] */ ]}\n// e\n',
    '"https://example.com/*"',
    '["// no comment", "/* nor this */", "quote \\" // here"]',
    "// it's \"quoted\n[]",
    "/* /* */ []",
    "/**/[]/***/",
    "[1 /* c */ , // d\n]",
    '{"a": 1, "a": {"b": 1}, "a": {"c": 2}}',
    '["\udcff", "\\ud800", "\\u0000"]',
    "[-0, 0.5, 1e5, -1.5E+3, 12345678901234567890]",
    '["\x7f\u2028é😀"]',
)
WRONG = (
    "",
    " ",
    "// c",
    "{} // c",
    "/* c",
    "[,]",
    "{,}",
    "[1,,]",
    "[ ,]",
    '{"a": 1,,}',
    '{"a": ,}',
    '{"a"}',
    '{"a": 1 "b": 2}',
    "{a: 1}",
    "{'a': 1}",
    "[1 2]",
    "{} {}",
    "{},",
    "[01]",
    "[+1]",
    "[.5]",
    "[1.]",
    "[1e]",
    "[0x1]",
    "[NaN]",
    "[Infinity]",
    "[-]",
    "[True]",
    "[nul]",
    '["a\nb"]',
    '["a\tb"]',
    '["\\x"]',
    '["\\u12"]',
    "\ufeff{}",
    "\u00a0{}",
    "\f{}",
    "[1]\x00",
    "# c\n{}",
    "// \udcff\n{}",
    "/* \udcff */{}",
    "[1 / 2]",
    "[}",
    "{]",
)


def by_the_grammar(text: str) -> list[Value] | None:
    """Give, in a list, the value that the grammar finds in a text; None where the text is not of the language."""
    try:
        tree = GRAMMAR.parse(text)
    except LarkError:
        return None
    return [_value(tree.children[0])]


def _value(tree: Tree[Token] | Token) -> Value:
    assert isinstance(tree, Tree)
    if tree.data == "object":
        members = [each for each in tree.children if isinstance(each, Tree)]
        return merge_duplicates([(_string(each.children[0]), _value(each.children[1])) for each in members])
    if tree.data == "array":
        return [_value(each) for each in tree.children]
    if tree.data == "string":
        return _string(tree.children[0])
    if tree.data == "number":
        value: Value = json.loads(str(tree.children[0]))
        return value
    return {"true": True, "false": False, "null": None}[tree.data]


def _string(token: Tree[Token] | Token) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", json.loads(str(token)))


def by_the_readers(text: str) -> list[Value] | None:
    """Give the same by aclc's readers, having compared them with each other."""
    source = Source("t", text)
    outcome, careful = parse_hujson(source), recover(source, {})
    assert repr(careful.value and careful.value.value) == repr(outcome.value and outcome.value.value)
    if outcome.value is None or has_errors(each for each in outcome.diagnostics if each.code is not DUPLICATE_KEY):
        return None
    return [outcome.value.value]


@pytest.mark.parametrize("text", RIGHT)
def test_right_text_is_read(text: str) -> None:
    """Readers and grammar take the text, and find the same in it."""
    assert by_the_grammar(text) is not None
    assert repr(by_the_grammar(text)) == repr(by_the_readers(text))


@pytest.mark.parametrize("text", WRONG)
def test_wrong_text_is_refused(text: str) -> None:
    """Readers and grammar refuse the text."""
    assert by_the_grammar(text) is None
    assert by_the_readers(text) is None


@given(st.integers(0, 2**64))
def test_generated_text_is_read_alike(seed: int) -> None:
    """Right, damaged and senseless text: the same verdict, the same value."""
    random_ = random.Random(seed)
    for _ in range(10):
        text = fuzz_hujson.text(random_)
        if "1e999" not in text:  # a limit of aclc, not of the language
            assert repr(by_the_grammar(text)) == repr(by_the_readers(text)), text


@given(st.text(st.sampled_from('{}[]:,"\\/*\n 1atrue'), max_size=30))
def test_any_text_is_read_alike(text: str) -> None:
    """Small alphabets find the corners of comments and strings."""
    assert repr(by_the_grammar(text)) == repr(by_the_readers(text))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_json_is_hujson(value: Value, ascii_only: bool) -> None:
    """What the standard library writes is read back."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    outcome = parse_hujson(Source("t", text))
    assert outcome.value is not None
    assert repr(value) == repr(outcome.value.value)
