"""No text makes the loader raise; whatever it says stands inside the text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.tailnet.test_listings import DEVICES, HEADSCALE_026, NETMAP, STATUS, USERS
from tests.tailnet.test_own import FULL
from tests.tailnet.test_yaml import TEXT

FILES: list[Any] = [
    json.loads(FULL.replace("// every field", "").replace(",\n  ],\n}", "\n  ]}")),
    STATUS,
    NETMAP,
    DEVICES,
]
FILES += [USERS, HEADSCALE_026]
ODD: list[Any] = [None, True, 0, -1, 1.5, "", "x", "::1/129", "tag:", [], {}, [None], [[]], {"": None}, [{}], 10**30]


def loads(name: str, text: str) -> None:
    """Load a text, and look where its findings stand."""
    source = Source(name, text)
    outcome = load_tailnet(source)
    assert outcome.value is not None or outcome.diagnostics
    for found in outcome.diagnostics:
        assert source is found.span.source
        assert 0 <= found.span.start <= found.span.end <= len(text)
        assert "\n" not in found.message


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of every value in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, part in items for each in places(part, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Give a value with another value at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@given(data=st.data())
def test_any_value_anywhere_in_any_format(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    for _ in range(data.draw(st.integers(1, 3))):
        file = changed(file, data.draw(st.sampled_from(places(file))), data.draw(st.sampled_from(ODD)))
    loads("t.json", json.dumps(file, indent=1))


@given(text=st.text(), cut=st.integers(0, len(TEXT)), length=st.integers(0, 20))
def test_any_text_in_yaml(text: str, cut: int, length: int) -> None:
    loads("t.yaml", TEXT[:cut] + text + TEXT[cut + length :])


@given(data=st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for name in ("t.json", "t.yaml"):
        loads(name, Source.from_bytes(name, data).text)
