"""The tables of every dialect hang together."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest

from aclc.dialects import NAMES, dialect_named
from aclc.dialects.dialect import Dialect
from aclc.dialects.go_text import go_quoted
from aclc.policy.selectors import Kind

EACH = pytest.mark.parametrize("dialect", [each for name in NAMES if (each := dialect_named(name))], ids=NAMES)


@EACH
def test_positions_name_kinds_and_autogroups_that_exist(dialect: Dialect) -> None:
    """A misspelled kind or autogroup would refuse what is right."""
    for position in dialect.positions.values():
        assert position.kinds <= set(get_args(Kind))
        assert position.autogroups <= set(dialect.autogroups)
        assert bool(position.autogroups) == ("autogroup" in position.kinds)


@EACH
def test_legacy_spellings_lead_to_keys(dialect: Dialect) -> None:
    """Each older spelling stands for a key of the same object."""
    for shape in dialect.shapes.values():
        assert set(shape.legacy.values()) <= set(shape.keys)
        assert not set(shape.legacy) & set(shape.keys)


@EACH
def test_no_two_keys_differ_in_letter_case_alone(dialect: Dialect) -> None:
    """Keys match without regard to letter case."""
    for shape in dialect.shapes.values():
        names = [*shape.keys, *shape.legacy]
        assert len(names) == len({name.casefold() for name in names})


@EACH
def test_words_of_refusals_can_be_filled_in(dialect: Dialect) -> None:
    """Every template takes named parts only, and none of them is left over."""
    for refusal, template in dialect.words.items():
        parts = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        assert all(name.isidentifier() for name in parts)
        filled = dialect.control(refusal, **dict.fromkeys(parts, "x"))
        assert filled is not None
        assert "{x" not in filled


@EACH
def test_unknown_words_are_none(dialect: Dialect) -> None:
    """A refusal whose words nobody knows has none."""
    assert dialect.control("no such refusal", tag="x") is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("tag:web", '"tag:web"'),
        ("tag:сервер", '"tag:сервер"'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("a\tb\nc\x01\x7f", r'"a\tb\nc\x01\x7f"'),
        ("a\u200bb", r'"a\u200bb"'),
        ("\U000e0001", r'"\U000e0001"'),
        ("\udc80", '"\ufffd"'),
    ],
)
def test_text_is_quoted_as_go_does(text: str, quoted: str) -> None:
    """As `%q` of Go's fmt."""
    assert quoted == go_quoted(text)
