"""A posture condition asks for an attribute or a value that no device has.

## Why is this bad?
Such a condition holds for nobody (for everybody, with `!=` and `NOT`), so the rules that it guards are dead, or
unguarded.

## Example
```hujson bad
{"postures": {"posture:mac": ["node:os == 'darwin'"]}}
```
```hujson bad
{"postures": {"posture:new": ["node:version >= '1.60'"]}}
```
```hujson bad
{"postures": {"posture:managed": ["node:tsAutoUpdate == 'true'"]}}
```
```hujson good
{"postures": {"posture:managed": ["node:os == 'macos'", "node:tsVersion >= '1.60'", "node:tsAutoUpdate == true"]}}
```

## Source
Documentation of device posture; tailscale/tailscale#11940.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.known_names import OPERATING_SYSTEMS, POSTURE_ATTRIBUTES
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, PostureCondition

CODE = Code("REF012", "unknown-posture-attr", Severity.WARNING)

# Attributes below these are Tailscale's own; all other prefixes belong to integrations, which come and go.
_CLOSED = ("node:", "ip:")
_ORDERED = frozenset({"<", "<=", ">", ">="})
_TRACKS = ("stable", "unstable")

Value = str | bool | int | float
Fault = tuple[str, str | None]
"""What is wrong, and advice."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give conditions that ask for what does not exist; attributes of integrations are taken as they are."""
    for posture in policy.postures.values():
        for index, condition in enumerate(posture.conditions):
            fault = _fault(condition, context) if condition.operator else None
            if fault is not None:
                yield CODE.at(posture.place.at(index), fault[0], help=fault[1])


def _fault(condition: PostureCondition, context: Context) -> Fault | None:
    name = condition.attribute
    kind = POSTURE_ATTRIBUTES.get(name)
    if kind is None:
        if not name.startswith(_CLOSED):
            return None
        near = context.guesses.near(name, POSTURE_ATTRIBUTES) or _same_end(name)
        known = ", ".join(f"`{each}`" for each in POSTURE_ATTRIBUTES)
        return (
            f"posture attribute {shown(name)} is not a known one",
            f"did you mean `{near}`?" if near else f"known: {known}",
        )
    if condition.operator in _ORDERED and kind != "version":
        return f"{shown(name)} cannot be compared with `{condition.operator}`", "use `==`, `!=`, `IN` or `NOT IN`"
    for value in condition.values:
        fault = _value_fault(name, kind, value)
        if fault is not None:
            return fault
    return None


def _value_fault(name: str, kind: str, value: Value) -> Fault | None:
    if kind == "flag":
        if isinstance(value, bool):
            return None
        return (
            f"{shown(name)} is never {shown(_json(value))}, it is true or false",
            "write `true` or `false` without quotes",
        )
    if not isinstance(value, str):
        return f"{shown(name)} is text, which `{_json(value)}` is not", f"write it in quotes: `'{_json(value)}'`"
    if kind == "os":
        return _one_of(
            name, value, OPERATING_SYSTEMS, {"darwin": "macos", "mac": "macos", "osx": "macos", "win": "windows"}
        )
    if kind == "track":
        return _one_of(name, value, _TRACKS, {})
    if kind == "version" and not value[:1].isdigit():
        return f"{shown(value)} is not a version", "write digits and dots: `'1.60'`"
    if kind == "country" and not (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        return f"{shown(value)} is not the code of a country", "write two capital letters: `'NL'`"
    return None


def _one_of(name: str, value: str, known: tuple[str, ...], meant: dict[str, str]) -> Fault | None:
    if value in known:
        return None
    folded = value.casefold()
    guess = folded if folded in known else meant.get(folded)
    return (
        f"{shown(name)} is never {shown(value)}",
        f"did you mean `{guess}`?" if guess else f"values: {', '.join(f'`{each}`' for each in known)}",
    )


def _same_end(name: str) -> str | None:
    """Find `node:tsVersion` for `node:version`."""
    end = name.rpartition(":")[2].casefold()
    return next((each for each in POSTURE_ATTRIBUTES if each.casefold().endswith(f"ts{end}")), None)


def _json(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


RULE = PolicyRule(CODE, check, __doc__ or "")
