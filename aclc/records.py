"""Named tuples that take a tenth of the time to define.

Each start defines a hundred of them and more. `typing.NamedTuple` compiles the annotation of every field and a
constructor for every class, which nobody asks for here: a fifth of what `aclc check` takes on a small policy
(docs/decisions/0001). What is made here is told from a class of `typing.NamedTuple` by nothing but its bases.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any, NamedTuple, cast

__all__ = ["NamedTuple"]

_Single = namedtuple("_Single", "field")
_GETTER: Any = type(vars(_Single)["field"])
"""What reads a field by its number, in C."""


class _Record(tuple[Any, ...]):
    """What every record can do."""

    __slots__ = ()
    # WHY without annotations: a record has those of its fields only.
    _fields = cast("tuple[str, ...]", ())

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Any:
        values = tuple(iterable)
        if len(values) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(values)}")
        return tuple.__new__(cls, values)

    def _replace(self, /, **changes: Any) -> Any:
        made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    __replace__ = _replace

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        values = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


class _Maker(type):
    """Makes a record's class out of the body of its definition."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        """Give the class: an ordinary one, so that what is derived from it is ordinary too."""
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        if not fields:
            raise TypeError(f"{name} has no fields, or its module lacks `from __future__ import annotations`")
        if tuple(defaults) != fields[len(fields) - len(defaults) :]:
            raise TypeError(f"{name}: a field without a default stands behind one with a default")
        body |= {
            "__slots__": (),
            "__match_args__": fields,
            "__new__": _constructor(body["__qualname__"], fields, tuple(defaults.values())),
            "_fields": fields,
            "_field_defaults": defaults,
            **{field: _GETTER(number, None) for number, field in enumerate(fields)},
        }
        return type(name, tuple(_Record if base is _Start else base for base in bases), body)


_TEMPLATES: dict[int, CodeType] = {}
"""Number of fields → the code of a constructor, whatever their names."""

_NEW = {"new": tuple.__new__}


def _constructor(owner: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    """Give `__new__` with an argument for each field, as `collections.namedtuple` has it."""
    template = _TEMPLATES.get(len(fields))
    if template is None:
        names = "".join(f"a{number}, " for number in range(len(fields)))
        template = _TEMPLATES[len(fields)] = eval(f"lambda _cls, {names}: new(_cls, ({names}))").__code__  # noqa: S307  # our own text
    code = template.replace(co_name="__new__", co_qualname=f"{owner}.__new__", co_varnames=("_cls", *fields))
    return FunctionType(code, _NEW, "__new__", defaults)


_Start = type.__new__(_Maker, "NamedTuple", (), {})


class _Definition:
    """What a class statement names as its base."""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (_Start,)


if _GETTER is not property:  # pragma: no cover  # elsewhere than in CPython, `typing` has it
    # WHY not by name: to type checkers, what this module has under this name is `typing.NamedTuple` and nothing else.
    globals()["NamedTuple"] = _Definition()
