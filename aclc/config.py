"""What a project says once instead of on every command line: `aclc.toml`, or `[tool.aclc]` in `pyproject.toml`.

`KEYS` is the whole of it: the reader, the JSON Schema (`config.schema.json` beside this file) and the documentation
follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, in_order, shown, whole
from aclc.dialects import NAMES, canonical_name
from aclc.lint.selection import PROFILES
from aclc.records import NamedTuple
from aclc.source import Source, Span

SYNTAX = Code("CFG001", "config-syntax", Severity.ERROR)
UNKNOWN_KEY = Code("CFG002", "config-unknown-key", Severity.ERROR)
WRONG_VALUE = Code("CFG003", "config-value", Severity.ERROR)

SEVERITIES = tuple(each.label for each in Severity)
FAIL_ON = (*SEVERITIES, "never")

Shape = Literal["text", "texts", "targets", "rules", "severities", "rules by file"]


class Key(NamedTuple):
    """One key: its name, the shape of its value, what it may be (empty: anything), what it says."""

    name: str
    shape: Shape
    says: str
    choices: tuple[str, ...] = ()


KEYS = (
    Key("policy", "texts", "the policy, or several; where a command is given none"),
    Key("tailnet", "texts", "files with users and nodes"),
    Key("properties", "text", "file with promises; default: `properties.aclc` beside the policy"),
    Key("target", "targets", "the control plane that the policy is for, or several", (*NAMES, "headscale")),
    Key("profile", "text", "which rules run", PROFILES),
    Key("select", "rules", "rules to run besides the profile's: codes, slugs or families (`SEC`)"),
    Key("ignore", "rules", "rules not to run"),
    Key("severity", "severities", "how bad the findings of a rule are", SEVERITIES),
    Key("fail-on", "text", "the least severity that ends with exit code 1", FAIL_ON),
    Key("baseline", "text", "file with findings that are accepted for now"),
    Key("known-groups", "texts", "groups that are defined outside of the policy"),
    Key("per-file-ignores", "rules by file", "pattern of files → rules not to run on them"),
)
"""Every key there is, in the order of the documentation. Paths and patterns count from the file's own folder."""


class Config(NamedTuple):
    """What a file says: key → value, only of the keys that it has. Values have the shapes that `KEYS` promises."""

    values: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        """Give the value of a key with one text; None where it is not said."""
        found: str | None = self.values.get(key)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the values of a key with several texts; a single one counts."""
        found = self.values.get(key, ())
        return (found,) if isinstance(found, str) else tuple(found)

    @property
    def severities(self) -> dict[str, Severity]:
        """How bad findings are, by the name of their rule."""
        return {name: Severity[word.upper()] for name, word in self.values.get("severity", {}).items()}

    @property
    def ignores_by_file(self) -> dict[str, tuple[str, ...]]:
        """Pattern of files → names of rules."""
        return {pattern: tuple(names) for pattern, names in self.values.get("per-file-ignores", {}).items()}


NOTHING = Config({})


def read_config(
    source: Source, known_rules: Callable[[], Collection[str]], *, table: tuple[str, ...] = ()
) -> Outcome[Config]:
    """Give what a TOML file says about aclc.

    Args:
        source: the file.
        known_rules: gives every name that a rule may be called by; asked only where rules are named.
        table: where in the file it stands, `("tool", "aclc")` in `pyproject.toml`.

    The value is None where the file has no such table. Unknown keys and wrong values are errors, each at its line.
    """
    # WHY here: most folders have no such file, and start-up time counts.
    import tomllib

    try:
        document: Any = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Outcome(None, (_syntax_error(source, str(error)),))
    for name in table:
        document = document.get(name) if isinstance(document, dict) else None
    if document is None:
        return Outcome(None, ())
    reader = _Reader(source, table, known_rules)
    if not isinstance(document, dict):
        return Outcome(None, (reader.wrong((), "a table is wanted here"),))
    found = in_order(reader.faults(document))
    return Outcome(Config(document) if not found else None, found)


def _syntax_error(source: Source, words: str) -> Diagnostic:
    at = re.search(r"\(at line (\d+), column (\d+)\)", words)
    text = words.partition(" (at ")[0]
    message = "file is no TOML: " + text[:1].lower() + text[1:]
    if at is None:
        return SYNTAX.at(Span(source, len(source.text), len(source.text)), message)
    line = int(at[1])
    lines = source.text.split("\n")
    start = sum(len(each) + 1 for each in lines[: line - 1]) + int(at[2]) - 1
    return SYNTAX.at(Span(source, min(start, len(source.text)), min(start + 1, len(source.text))), message)


class _Reader:
    """Holds a table to `KEYS`."""

    def __init__(self, source: Source, table: tuple[str, ...], known_rules: Callable[[], Collection[str]]) -> None:
        self.source = source
        self.table = table
        self.known_rules = known_rules

    def faults(self, document: dict[str, Any]) -> Iterator[Diagnostic]:
        """Give everything that is wrong."""
        keys = {key.name: key for key in KEYS}
        for name, value in document.items():
            key = keys.get(name)
            if key is not None:
                yield from self.value(key, value)
                continue
            near = did_you_mean(name.replace("_", "-"), [*keys]) or (name.replace("_", "-") in keys and name)
            yield UNKNOWN_KEY.at(
                self.span((name,)),
                f"key {shown(name)} is not known",
                help=f"did you mean `{near.replace('_', '-')}`?" if near else f"there are: {', '.join(keys)}",
            )

    def value(self, key: Key, value: object) -> Iterator[Diagnostic]:
        """Give what is wrong with one value."""
        path = (key.name,)
        if key.shape == "text":
            yield from self.choice(path, value, key.choices)
        elif key.shape == "texts":
            if not isinstance(value, str):
                yield from self.texts(path, value, "a string or a list of strings")
        elif key.shape == "targets":
            yield from self.targets(path, value, key.choices)
        elif key.shape == "rules":
            yield from self.rules(path, value)
        elif not isinstance(value, dict):
            yield self.wrong(path, f"{shown(key.name)} must be a table")
        elif key.shape == "severities":
            for name, word in value.items():
                yield from self.rule((*path, name), name)
                yield from self.choice((*path, name), word, key.choices)
        else:
            for pattern, names in value.items():
                yield from self.rules((*path, pattern), names)

    def choice(self, path: tuple[str, ...], value: object, choices: tuple[str, ...]) -> Iterator[Diagnostic]:
        """Hold a value to be a string, one of some where there are such."""
        if not isinstance(value, str):
            yield self.wrong(path, f"{shown(path[-1])} must be a string")
        elif choices and value not in choices:
            near = did_you_mean(value, choices)
            yield self.wrong(
                path,
                f"{shown(value)} is no value of {shown(path[0])}",
                f"did you mean `{near}`?" if near else f"there are: {', '.join(choices)}",
            )

    def targets(self, path: tuple[str, ...], value: object, choices: tuple[str, ...]) -> Iterator[Diagnostic]:
        """Hold a value to be a control plane, or a list of some."""
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            for each in value:
                yield from self.targets(path, each, choices)
        elif not isinstance(value, str):
            yield self.wrong(path, f"{shown(path[-1])} must be a string or a list of strings")
        elif canonical_name(value) is None:
            yield from self.choice(path, value, choices)

    def texts(self, path: tuple[str, ...], value: object, wanted: str = "a list of strings") -> Iterator[Diagnostic]:
        """Hold a value to be a list of strings."""
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            yield self.wrong(path, f"{shown(path[-1])} must be {wanted}")

    def rules(self, path: tuple[str, ...], value: object) -> Iterator[Diagnostic]:
        """Hold a value to be a list of names of rules."""
        yield from self.texts(path, value)
        if isinstance(value, list):
            for name in value:
                if isinstance(name, str):
                    yield from self.rule(path, name)

    def rule(self, path: tuple[str, ...], name: str) -> Iterator[Diagnostic]:
        """Hold a name to be that of a rule."""
        known = self.known_rules()
        if name not in known:
            near = did_you_mean(name, known)
            yield self.wrong(
                path, f"no rule is called {shown(name)}", f"did you mean `{near}`?" if near else "see `aclc rule`"
            )

    def wrong(self, path: tuple[str, ...], message: str, help: str | None = None) -> Diagnostic:
        """Give the finding for a wrong value."""
        return WRONG_VALUE.at(self.span(path), message, help=help)

    def span(self, path: tuple[str, ...]) -> Span:
        """Give where a key stands; the key above it, the file at last, where it cannot be told."""
        spans = dict(_keys(self.source))
        wanted = (*self.table, *path)
        while wanted and wanted not in spans:
            wanted = wanted[:-1]
        return spans.get(wanted, whole(self.source))


_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_LINE = re.compile(rf"^[ \t]*(?:\[[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)", re.MULTILINE)


def _keys(source: Source) -> Iterator[tuple[tuple[str, ...], Span]]:
    """Give each key that begins a line, and each table's head, with its place: `tomllib` does not say where they
    are."""
    table: tuple[str, ...] = ()
    for line in _LINE.finditer(source.text):
        kind = "table" if line["table"] else "key"
        path = tuple(part.strip("\"'") for part in re.findall(_PART, line[kind]))
        if kind == "table":
            table = path
        else:
            path = (*table, *path)
        yield path, Span(source, *line.span(kind))


def config_schema() -> dict[str, Any]:
    """Give the JSON Schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aclc.toml, or tool.aclc in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: {"description": key.says, **_shape_schema(key)} for key in KEYS},
    }


def _shape_schema(key: Key) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", **({"enum": list(key.choices)} if key.choices else {})}
    texts = {"type": "array", "items": {"type": "string"}}
    patch = r"^headscale@v?[0-9]+\.[0-9]+\.[0-9]+$"
    target = {"anyOf": [text, {"type": "string", "pattern": patch}]}
    shapes: dict[Shape, dict[str, Any]] = {
        "text": text,
        "texts": {"anyOf": [{"type": "string"}, texts]},
        "targets": {"anyOf": [target, {"type": "array", "items": target, "minItems": 1}]},
        "rules": texts,
        "severities": {"type": "object", "additionalProperties": text},
        "rules by file": {"type": "object", "additionalProperties": texts},
    }
    return shapes[key.shape]
