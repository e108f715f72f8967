"""Parameters of capabilities and node attributes as people compare them: compact JSON, of long ones what is special."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

LONGEST_VALUE = 160
"""Characters that are written out."""

SHORT = 40
"""Characters of a text that stays where an object is shortened: it may be what the object goes by."""

REST = "…"


def value_text(text: str, others: Iterable[str] = ()) -> str:
    """Give a parameter, which is canonical JSON or empty, as compact JSON in its own letters.

    Of a long one `…` stands for what another one has as well: for that of `others` that has most in common with it.
    What is too long nevertheless is cut off at the end.

    >>> value_text('{"a": "ä"}')
    '{"a":"ä"}'
    """
    if not text:
        return ""
    value = json.loads(text)
    whole = _compact(value)
    if len(whole) > LONGEST_VALUE:
        leaves = set(_leaves(value))
        known = [(len(leaves & set(_leaves(other))), other) for other in map(json.loads, filter(None, others))]
        common, other = max(known, key=lambda each: each[0], default=(0, None))
        whole = _without(value, other) if common else whole
    return whole if len(whole) <= LONGEST_VALUE else whole[: LONGEST_VALUE - 1] + REST


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give what is no object and no list, with the keys that lead there."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, _compact(value)


def _without(value: Any, other: Any) -> str:
    """Give a value as text, with `…` for what another one has too."""
    if isinstance(value, dict) and isinstance(other, dict):
        kept = {
            key: _compact(each) if _stays(each) else _without(each, other[key]) if key in other else _compact(each)
            for key, each in sorted(value.items())
            if key not in other or each != other[key] or _stays(each)
        }
        texts = [f"{_compact(key)}:{text}" for key, text in kept.items()]
        return f"{{{','.join([*texts, *([REST] if len(kept) < len(value) else [])])}}}"
    if isinstance(value, list) and isinstance(other, list):
        texts = [_compact(each) for each in value if each not in other]
        return f"[{','.join([*texts, *([REST] if len(texts) < len(value) else [])])}]"
    return _compact(value)


def _stays(value: Any) -> bool:
    return not isinstance(value, (dict, list)) and len(_compact(value)) <= SHORT
