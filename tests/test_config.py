"""`read_config` on any text and any value: findings with a place, never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.config import KEYS, read_config
from aclc.lint.catalogue import rule_names
from aclc.source import Source

VALUES = st.recursive(
    st.one_of(st.text(max_size=5), st.integers(-5, 5), st.booleans(), st.sampled_from(["SEC", "strict", "error"])),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def read(text: str) -> list[tuple[str, str]]:
    source = Source("aclc.toml", text)
    outcome = read_config(source, rule_names)
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in outcome.diagnostics)
    assert (outcome.value is None) == bool(outcome.diagnostics)
    return [(each.code.slug, each.span.text) for each in outcome.diagnostics]


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    read(text)


@given(st.dictionaries(st.sampled_from([key.name for key in KEYS]), VALUES, max_size=4))
def test_no_value_raises(values: dict[str, Any]) -> None:
    read("".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ('policy = ["a", "b"]\n[severity]\nSEC001 = "info"\n', []),
        ('# x\n"polcy" = 1\n', [("config-unknown-key", '"polcy"')]),
        ("severity.SEC001 = 'bad'\n", [("config-value", "severity.SEC001")]),
        ("[severity]\n'allow-all' = 1\n", [("config-value", "'allow-all'")]),
        ("severity = { SEC001 = 'bad' }\n", [("config-value", "severity")]),
        ("[[policy]]\n", [("config-value", "")]),
        ("x = 1\ny = 2\n", [("config-unknown-key", "x"), ("config-unknown-key", "y")]),
        ("\n\nx = \n", [("config-syntax", "\n")]),
    ],
)
def test_faults_are_where_they_are(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == read(text)
