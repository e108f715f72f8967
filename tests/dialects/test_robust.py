"""Whatever stands in a policy, every target has findings with a place or takes it, and nothing raises."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.check import check_for_targets
from aclc.dialects import NAMES, dialect_named
from aclc.source import Source
from tests.policy.test_read_robust import PLACES, TEXTS, VALUES, WHOLE, places, renamed, spoilt

DIALECTS = [dialect for name in NAMES if (dialect := dialect_named(name)) is not None]

fewer = settings(max_examples=max(settings().max_examples // 3, 20))
"""Each example is checked for every target."""


def look(value: Any) -> None:
    """Check a value as a policy for all targets at once, and look at every finding."""
    source = Source("policy.hujson", json.dumps(value))
    for each in check_for_targets(source, None, DIALECTS).diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(source.text)
        assert each.message
        assert "\n" not in each.message
        assert "\n" not in (each.help or "")
        assert each.control is None or each.control


@fewer
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_at_any_place(path: tuple[str | int, ...], value: Any) -> None:
    look(spoilt(WHOLE, path, value))


@fewer
@given(st.lists(st.tuples(st.sampled_from(PLACES), TEXTS), min_size=1, max_size=4))
def test_any_text_at_several_places(changes: list[tuple[tuple[str | int, ...], str]]) -> None:
    value: Any = WHOLE
    for path, text in changes:
        if path in places(value):
            value = spoilt(value, path, text)
    look(value)


@fewer
@given(st.sampled_from(PLACES), TEXTS)
def test_any_name_for_any_key(path: tuple[str | int, ...], name: str) -> None:
    look(renamed(WHOLE, path, name))
