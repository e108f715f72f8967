"""A value held to a pydantic model, and pydantic's complaints in our words and at the right place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from aclc.diagnostics import Code, Diagnostic, Severity, did_you_mean, shown
from aclc.source import Document, Path, Place

WRONG_TYPE = Code("TLN003", "tailnet-wrong-type", Severity.ERROR)
MISSING_FIELD = Code("TLN004", "tailnet-missing-field", Severity.ERROR)
UNKNOWN_FIELD = Code("TLN005", "tailnet-unknown-field", Severity.WARNING)
WRONG_VALUE = Code("TLN006", "tailnet-wrong-value", Severity.ERROR)

Model = TypeVar("Model", bound=BaseModel)

_WANTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "a boolean",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}
_EMPTY = {"string_too_short", "too_short"}
MOST_FAULTS = 1000
"""Faults of shape told of one file: more come only from a file that is something else."""


def validated(
    model: type[Model], value: Any, document: Document, base: Path = ()
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """Give the record that `value`, which stands at `base`, spells, or None and every fault in its shape."""
    try:
        return model.model_validate(value), ()
    except ValidationError as error:
        return None, tuple(_diagnostics(error, value, document, base))


def _diagnostics(error: ValidationError, value: Any, document: Document, base: Path) -> Iterable[Diagnostic]:
    wanted: dict[Path, list[str]] = {}
    for each in error.errors(include_url=False, include_context=True)[:MOST_FAULTS]:
        inner = _existing(value, each["loc"])
        path = base + inner
        kind = each["type"]
        if kind == "missing":
            field = str(each["loc"][-1])
            yield MISSING_FIELD.at(Place(document, path), f"{_subject(path)} has no `{field}`")
        elif kind in _EMPTY:
            yield WRONG_VALUE.at(Place(document, path), f"{_subject(path)} is empty")
        elif kind in _WANTED:
            wanted.setdefault(inner, []).append(_WANTED[kind])
        else:
            yield _wrong_value(each, path, document)
    for inner, kinds in wanted.items():
        found = kind_of(_value_at(value, inner))
        words = [word for word in dict.fromkeys(kinds) if word != "an integer" or "a number" not in kinds]
        listed = " or ".join((", ".join(words[:-1]), words[-1]) if len(words) > 1 else words)
        path = base + inner
        yield WRONG_TYPE.at(Place(document, path), f"{_subject(path)} must be {listed}, not {found}")


def _wrong_value(each: Mapping[str, Any], path: Path, document: Document) -> Diagnostic:
    given = shown(str(each["input"]))
    if each["type"] == "literal_error":
        known = [word.strip("'") for word in each["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        near = did_you_mean(str(each["input"]), known)
        return WRONG_VALUE.at(
            Place(document, path),
            f"{_subject(path)} cannot be {given}",
            help=(f"did you mean `{near}`? " if near else "") + f"it takes {', '.join(f'`{word}`' for word in known)}",
        )
    return WRONG_VALUE.at(Place(document, path), f"{_subject(path)} cannot be {given}", help=str(each["msg"]))


def unknown_field(document: Document, path: Path, known: Iterable[str]) -> Diagnostic:
    """Give the warning that the last key of `path` is no field here."""
    near = did_you_mean(str(path[-1]), known)
    return UNKNOWN_FIELD.at(
        document.key_span(path),
        f"unknown field {shown(str(path[-1]))} is not read",
        help=f"did you mean `{near}`?" if near else None,
    )


def kind_of(value: Any) -> str:
    """Give the word for a value's kind."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list():
            return "a list"
    return "an object"


def _existing(value: Any, path: Iterable[str | int]) -> Path:
    """Give the part of `path` that leads somewhere in `value`: pydantic adds the names of alternatives to its paths."""
    reached: list[str | int] = []
    for step in path:
        in_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not in_list and not (isinstance(value, dict) and step in value):
            break
        value = value[step]
        reached.append(step)
    return tuple(reached)


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _subject(path: Path) -> str:
    """Name a value by the end of its path: `` `role` ``, ``item 2 of `tags` ``."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of `{path[-2]}`" if len(path) > 1 else f"item {path[-1] + 1}"
    return shown(path[-1])
