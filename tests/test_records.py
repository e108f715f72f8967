"""Records are what classes of `typing.NamedTuple` are, but for the time that it takes to define them."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import pytest

from aclc import records

T = TypeVar("T")


class Typed(typing.NamedTuple):
    """Some words."""

    name: str
    ports: tuple[int, ...]
    shown: Mapping[str, int] = {}
    at: int | None = None

    @property
    def first(self) -> int:
        """The first port."""
        return self.ports[0]

    @classmethod
    def of(cls, name: str) -> Typed:
        """Give one without ports."""
        return cls(name, ())

    def __str__(self) -> str:
        return f"{self.name}!"


class Made(records.NamedTuple):
    """Some words."""

    name: str
    ports: tuple[int, ...]
    shown: Mapping[str, int] = {}
    at: int | None = None

    @property
    def first(self) -> int:
        """The first port."""
        return self.ports[0]

    @classmethod
    def of(cls, name: str) -> Made:
        """Give one without ports."""
        return cls(name, ())

    def __str__(self) -> str:
        return f"{self.name}!"


class TypedBox(typing.NamedTuple, Generic[T]):
    value: T


class MadeBox(records.NamedTuple, Generic[T]):
    value: T


class Derived(Made):
    """A class of its own."""

    def __new__(cls, name: str) -> Derived:
        """Give one with a port."""
        return super().__new__(cls, name, (1,))


def test_records_are_made_here() -> None:
    assert records.NamedTuple is not typing.NamedTuple
    assert tuple not in Made.__bases__


@pytest.mark.parametrize(
    "told",
    [
        lambda kind: (kind("a", (1, 2)), kind(name="a", ports=(), at=1), kind.of("b")),
        lambda kind: kind("a", (1, 2)) == ("a", (1, 2), {}, None) == tuple(kind("a", (1, 2))),
        lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__),
        lambda kind: (kind.__module__, kind.__slots__, hasattr(kind("a", ()), "__dict__"), issubclass(kind, tuple)),
        lambda kind: repr(kind("a", (1,))).replace(kind.__name__, "X"),
        lambda kind: (str(kind("a", (1,))), kind("a", (7,)).first, kind("a", (7,))[1], len(kind.of("x"))),
        lambda kind: (kind("a", ())._replace(at=2, name="b"), kind("a", ())._asdict(), kind._make(["a", (), {}, 1])),
        lambda kind: (hash(kind("a", (1,), 1)), sorted([kind("b", (), 1), kind("a", (), 1)])),
        lambda kind: pickle.loads(pickle.dumps(kind("a", (1,), {"x": 1}))),
        lambda kind: type(pickle.loads(pickle.dumps(kind("a", ())))) is kind,
        lambda kind: (copy.copy(kind("a", (1,))), type(copy.deepcopy(kind("a", ()))) is kind),
        lambda kind: list(inspect.signature(kind).parameters),
        typing.get_type_hints,
        lambda kind: type(kind) is type,
    ],
)
def test_a_record_does_what_a_named_tuple_does(told: Any) -> None:
    assert told(Typed) == told(Made)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kind: kind(),
        lambda kind: kind("a"),
        lambda kind: kind("a", (), {}, 1, 2),
        lambda kind: kind("a", (), colour="red"),
        lambda kind: kind("a", (), name="b"),
        lambda kind: kind._make(["a"]),
        lambda kind: setattr(kind("a", ()), "name", "b"),
        lambda kind: setattr(kind("a", ()), "colour", "red"),
        lambda kind: kind("a", ()).colour,
    ],
)
def test_wrong_use_of_a_record_is_told_as_that_of_a_named_tuple(wrong: Any) -> None:
    words = []
    for kind in (Typed, Made):
        with pytest.raises((TypeError, AttributeError)) as caught:
            wrong(kind)
        words.append((caught.type, str(caught.value).replace(kind.__name__, "X")))
    assert words[0] == words[1]


def test_a_changed_copy_has_no_new_fields() -> None:
    with pytest.raises(ValueError, match="unexpected field names: \\['colour'\\]"):
        Made("a", ())._replace(colour="red")  # type: ignore[call-arg]  # what is tested


def test_records_may_be_generic_and_derived_from() -> None:
    assert tuple(MadeBox(1)) == tuple(TypedBox(1)) == tuple(MadeBox[int](1)) == (1,)
    assert [MadeBox[int].__origin__, MadeBox.__parameters__] == [MadeBox, TypedBox.__parameters__]  # type: ignore[attr-defined]  # typing's own
    derived = Derived("a")
    assert (("a", (1,), {}, None), Derived) == (derived, type(derived._replace(name="b")))
    assert isinstance(derived, Made)


def test_a_definition_that_typing_refuses_is_refused() -> None:
    with pytest.raises(TypeError, match="has no fields"):
        exec("class Empty(NamedTuple):\n    pass", {"NamedTuple": records.NamedTuple})
    with pytest.raises(TypeError, match="without a default stands behind"):
        exec(
            "from __future__ import annotations\nclass Late(NamedTuple):\n    a: int = 1\n    b: int",
            {"NamedTuple": records.NamedTuple, "__name__": "late"},
        )
