"""Typed access to the objects of a policy file: the values that have the right type, and a diagnostic for every other.

The dialect says which keys an object has and what they hold. Keys of such objects match without regard to letter case,
as on the control plane; keys that are user data (names of groups, hosts, …) do not come through here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity, did_you_mean, shown
from aclc.dialects.dialect import Dialect, FieldKind, Shape
from aclc.dialects.go_text import go_quoted
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import Json
from aclc.records import NamedTuple
from aclc.source import Path, Place, Span
from aclc.syntax.hujson_read import DUPLICATE_KEY
from aclc.syntax.value_document import ValueDocument

UNKNOWN_KEY = Code("SYN007", "unknown-key", Severity.ERROR)
KEY_CASE = Code("SYN008", "key-case", Severity.WARNING)
WRONG_TYPE = Code("SYN009", "wrong-type", Severity.ERROR)
MIXED_KEYS = Code("VAL034", "mixed-key-pairs", Severity.ERROR)
UNSUPPORTED = Code("POR001", "unsupported-by-target", Severity.ERROR)

BLANKS = " \t\r\n"
"""What counts as white space around a value."""

# A file with a hundred thousand unknown keys must not take minutes to refuse.
_MOST_GUESSES = 1000
_LONGEST_GUESS = 40

_COMMENT_KEYS = frozenset({"//", "comment", "comments", "description", "note", "notes"})
_ADVICE = {
    ("grant", "action"): "a grant always accepts: leave it out",
    ("grant", "ports"): 'ports of a grant stand in `ip`, as in `"ip": ["tcp:443"]`',
    ("grant", "proto"): 'the protocol of a grant stands in `ip`, as in `"ip": ["udp:53"]`',
    ("grant", "users"): "a grant names its sources in `src`",
    ("acl", "ip"): "ports of an acl stand behind its destinations, as in `tag:web:443`; only grants have `ip`",
    ("acl", "app"): "only grants have `app`",
    ("acl", "via"): "only grants have `via`",
    ("policy", "extraDNSRecords"): "DNS is not part of the policy file",
    ("policy", "dns"): "DNS is not part of the policy file",
    ("policy", "rules"): "rules stand in `grants` or `acls`",
    ("policy", "tags"): "tags are declared in `tagOwners`",
}


class Members(NamedTuple):
    """The members of one object that can be used, by canonical key; absent ones and `null` are left out.

    `lost`: keys that are there in some form but could not be read, so that nobody calls them missing. `written`: how
    the file spells the keys that it does not spell canonically.
    """

    values: dict[str, Any]
    lost: frozenset[str] = frozenset()
    written: Mapping[str, str] = {}


class Fields:
    """One reading of one document: what it is made of, and what was found wrong with it so far."""

    def __init__(self, document: ValueDocument, dialect: Dialect) -> None:
        self.document = document
        self.dialect = dialect
        self.found: list[Diagnostic] = []
        self._guesses = _MOST_GUESSES

    def near(self, word: str, known: Collection[str]) -> str | None:
        """Give the known word nearest to `word`, or None; after a thousand words that were wrong it gives up."""
        self._guesses -= 1
        return did_you_mean(word, known) if self._guesses >= 0 and len(word) <= _LONGEST_GUESS else None

    def part(self, path: Path, start: int, end: int) -> Span:
        """Give the span of characters `start` to `end` of the string at `path`."""
        return self.document.string_span(path, start, end)

    def members(self, value: dict[str, Json], shape_name: str, path: Path) -> Members:
        """Give the usable members of an object. Cost for an object without fault: one look-up for each key."""
        shape = self.dialect.shapes[shape_name]
        keys = shape.keys
        for key, each in value.items():
            kind = keys.get(key)
            if kind is None or type(each) not in kind.types:
                return _Sorting(self, shape_name, path).members(value)
        if self.document.broken and not self.document.intact(path):
            return Members(value, frozenset(keys))
        return Members(value)

    def objects(self, values: Sequence[Json], path: Path, shape: str) -> Iterator[tuple[int, dict[str, Json]]]:
        """Give the objects of a list with their positions; anything else in it is reported and left out."""
        for index, value in enumerate(values):
            if type(value) is dict:
                yield index, value
            else:
                self.wrong_type(value, self.dialect.shapes[shape].noun, "an object", (*path, index))

    def lists_by_key(self, value: dict[str, Json], path: Path, noun: str) -> Iterator[tuple[str, list[Json]]]:
        """Give the members of an object of lists of strings; `null` counts as an empty list."""
        for key, each in value.items():
            if type(each) is list:
                yield key, each
            elif each is None:
                if not self.dialect.null_lists:
                    self._null_list(f"{noun} {shown(key)}", (*path, key))
                yield key, []
            else:
                control = self.dialect.control(
                    f"{noun}-type", group=go_quoted(key), found=go_kind(each), value=json.dumps(each)
                )
                what = f"{noun} {shown(key)}"
                self.wrong_type(each, what, "a list of strings", (*path, key), item=str, control=control)
                yield key, [each] if type(each) is str else []

    def _null_list(self, what: str, path: Path) -> None:
        """Report `null` where only a list will do."""
        place = Place(self.document, path)
        self.found.append(
            WRONG_TYPE.at(
                place,
                f"{what} must be a list of strings, not null",
                help="write `[]` for none",
                fix=Fix("write []", (Edit(place.span, "[]"),), safe=True),
                control=self.dialect.control(f"{what.partition(' ')[0]}-null", group=go_quoted(str(path[-1]))),
            )
        )

    def texts(self, values: Sequence[Json], path: Path) -> tuple[str, ...]:
        """Give the strings of a list as they are; anything else is reported and stands as `""`."""
        for value in values:
            if type(value) is not str:
                return tuple(self._text(each, (*path, index)) for index, each in enumerate(values))
        return tuple(values)

    def trimmed(self, values: Sequence[Json], path: Path) -> tuple[str, ...]:
        """Give the strings of a list without the white space around them, else as `texts`."""
        return tuple([text.strip(BLANKS) for text in self.texts(values, path)])

    def optional_texts(self, values: Sequence[Json] | None, path: Path) -> tuple[str, ...] | None:
        """Give `texts` of a list that may be absent."""
        return None if values is None else self.texts(values, path)

    def optional_trimmed(self, values: Sequence[Json] | None, path: Path) -> tuple[str, ...] | None:
        """Give `trimmed` of a list that may be absent."""
        return None if values is None else self.trimmed(values, path)

    def _text(self, value: Json, path: Path) -> str:
        if type(value) is str:
            return value
        self.wrong_type(value, f"an item of `{_name(path)}`", "a string", path)
        return ""

    def wrong_type(
        self,
        value: Json,
        what: str,
        wanted: str,
        path: Path,
        *,
        item: type | None = None,
        control: str | None = None,
    ) -> None:
        """Report that `what` is not what is `wanted`; with the fix of brackets around it where it is an `item`.

        `control`: the control plane's words, where it has some for this very case.
        """
        place = Place(self.document, path)
        fix = None
        if item is not None and type(value) is item:
            span = place.span
            edits = (Edit(span.within(0, 0), "["), Edit(Span(span.source, span.end, span.end), "]"))
            fix = Fix("put it in a list", edits, safe=True)
        self.found.append(
            WRONG_TYPE.at(
                place,
                f"{what} must be {wanted}, not {_kind_of(value)}",
                help="put square brackets around it" if fix is not None else None,
                fix=fix,
                control=control
                if control is not None or value is None
                else self.dialect.control("wrong-type", found=go_kind(value)),
            )
        )


class _Sorting:
    """The careful way through one object, for keys that are not as documented or values that are not of their type."""

    def __init__(self, fields: Fields, shape_name: str, path: Path) -> None:
        self.fields = fields
        self.shape_name = shape_name
        self.shape: Shape = fields.dialect.shapes[shape_name]
        self.path = path
        self.values: dict[str, Any] = {}
        self.lost: set[str] = set()
        self.written: dict[str, str] = {}

    def members(self, value: dict[str, Json]) -> Members:
        doubtful = self.shape.doubtful
        folded = {key.casefold(): key for key in (*self.shape.keys, *doubtful)}
        legacy = {key.casefold(): key for key in self.shape.legacy}
        strange: list[tuple[str, Json]] = []
        for key, each in value.items():
            canonical = key if key in self.shape.keys else folded.get(key.casefold())
            if canonical is not None:
                if canonical != key and not self.shape.any_case:
                    self._case(key, canonical)
                if canonical in doubtful:
                    self._doubt(key)
                self._take(key, canonical, each)
                continue
            if self.shape.comments and key.startswith(self.shape.comments):
                continue
            old = legacy.get(key.casefold())
            if old is not None:
                if old != key:
                    self._case(key, old)
                self._take(key, self.shape.legacy[old], each)
            else:
                strange.append((key, each))
        for key, each in strange:
            self._unknown(key, each)
        if self.fields.document.broken and not self.fields.document.intact(self.path):
            self.lost.update(self.shape.keys)
        return Members(self.values, frozenset(self.lost), self.written)

    def _take(self, key: str, canonical: str, value: Json) -> None:
        """Keep a value under its canonical key, unless its type is wrong."""
        earlier = self.written.setdefault(canonical, key)
        if earlier != key:
            self._twice(earlier, key, canonical)
        if value is None:
            return
        kind = self.shape.keys.get(canonical) or self.shape.doubtful[canonical]
        if type(value) in kind.types:
            before = self.values.get(canonical)
            if type(value) is dict and type(before) is dict:
                value = {**before, **value}  # as Go fills the same map twice
            self.values[canonical] = value
            return
        self.fields.wrong_type(value, f"`{canonical}`", kind.words, (*self.path, key), item=kind.item)
        if kind.item is not None and type(value) is kind.item:
            self.values[canonical] = [value]
        else:
            self.lost.add(canonical)

    def _doubt(self, key: str) -> None:
        """Report a key of which nobody says whether it is taken."""
        self.fields.found.append(
            UNSUPPORTED.at(
                self.fields.document.key_span((*self.path, key)),
                f"whether {self.shape.noun} may have {shown(key)} is not known for this target",
                help="try it on the server before you rely on it",
                severity=Severity.WARNING,
            )
        )

    def _elsewhere(self, key: str, canonical: str) -> None:
        """Report a key that other control planes know; what it says is left out, and nothing calls it missing."""
        dialect = self.fields.dialect
        control = dialect.control(f"key-{self.shape_name}.{canonical}") or dialect.control(
            "unknown-key", key=go_quoted(key)
        )
        present = TAILSCALE.shapes[self.shape_name].legacy.get(canonical)
        self.lost.update((canonical, present or canonical))
        span = self.fields.document.key_span((*self.path, key))
        # Unsafe: what the key holds counts for nothing now, and would from then on.
        fix = Fix(f"rename it to `{present}`", (Edit(span, f'"{present}"'),), safe=False) if present else None
        ignored = dialect.unknown_keys_ignored
        advice = self.shape.elsewhere[canonical] or "leave it out"
        self.fields.found.append(
            UNSUPPORTED.at(
                span,
                f"key {shown(key)} is passed over without a word"
                if ignored
                else f"key {shown(key)} is not supported in {self.shape.noun}",
                help=advice,
                fix=fix,
                control=control,
            )
        )

    def _twice(self, earlier: str, key: str, canonical: str) -> None:
        """Report two spellings of one key in one object."""
        spans = [self.fields.document.key_span((*self.path, each)) for each in (earlier, key)]
        notes = (Note(spans[0], "first given here"),)
        if earlier.casefold() == key.casefold():
            self.fields.found.append(
                DUPLICATE_KEY.at(
                    spans[1],
                    f"{shown(key)} is the same key as {shown(earlier)}",
                    help="letter case does not count, and two of them are refused: remove one"
                    if self.fields.dialect.duplicate_keys_refused
                    else "letter case does not count, and the later one wins without a word: remove one",
                    notes=notes,
                )
            )
        else:
            self.fields.found.append(
                MIXED_KEYS.at(
                    spans[1],
                    f"{shown(key)} and {shown(earlier)} are two names of one key",
                    help=f"keep `{canonical}` only",
                    notes=notes,
                )
            )

    def _case(self, key: str, canonical: str) -> None:
        span = self.fields.document.key_span((*self.path, key))
        self.fields.found.append(
            KEY_CASE.at(
                span,
                f"key {shown(key)} is spelled `{canonical}`",
                help="letter case does not count here, but it does for people and tools that search",
                fix=Fix(f"spell it `{canonical}`", (Edit(span, f'"{canonical}"'),), safe=True),
            )
        )

    def _unknown(self, key: str, value: Json) -> None:
        """Report a key that the object does not have; where it is plainly misspelled, read it as what was meant."""
        elsewhere = {name.casefold(): name for name in self.shape.elsewhere}.get(key.casefold())
        if elsewhere is not None:
            self._elsewhere(key, elsewhere)
            return
        place = Place(self.fields.document, (*self.path, key))
        control = self.fields.dialect.control("unknown-key", key=go_quoted(key))
        advice = _ADVICE.get((self.shape_name, key))
        if advice is None and (key.lower().lstrip("_$#") in _COMMENT_KEYS or key[:1] in ("_", "#", "$", "/")):
            advice = "write comments as `// …`"
        # A colon belongs to names of groups, tags and so on, which no key resembles.
        guess = advice is None and ":" not in key
        near = self.fields.near(key, [*self.shape.keys, *self.shape.legacy]) if guess else None
        fix = None
        if near is not None:
            advice = f"did you mean `{near}`?"
            canonical = self.shape.legacy.get(near, near)
            if canonical not in self.written:
                fix = Fix(f"rename it to `{near}`", (Edit(place.key, f'"{near}"'),), safe=True)
                self.written[canonical] = key
                self._adopt(canonical, value)
        self.fields.found.append(
            UNKNOWN_KEY.at(
                place.key, f"{self.shape.noun} has no key {shown(key)}", help=advice, fix=fix, control=control
            )
        )

    def _adopt(self, canonical: str, value: Json) -> None:
        kind: FieldKind = self.shape.keys[canonical]
        if type(value) in kind.types:
            self.values[canonical] = value
        self.lost.add(canonical)


def in_string(text: str) -> str:
    """Give text as it is written inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _name(path: Path) -> str:
    """Give the last key of a path."""
    return next((step for step in reversed(path) if isinstance(step, str)), "policy")


def _kind_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "a string"
        case int() | float():
            return f"the number {value}" if abs(value) < 10**12 else "a number"
        case list():
            return "a list"
    return "an object"


def go_kind(value: Json) -> str:
    """Give what Go calls the kind of a JSON value."""
    match value:
        case bool():
            return "bool"
        case str():
            return "string"
        case int() | float():
            return "number"
        case list():
            return "array"
    return "object"
