"""Promises about a policy as text: one a statement, in the policy's own selectors.

```text
# contractors stay out of production, even by way of machines they may log in to
assert group:contractors never reach tag:prod transitively
assert only group:oncall reach tag:prod on tcp 22
assert group:eng always reach tag:staging on tcp 443
assert isolated tag:prod | tag:staging
assert group:contractors reach at most 5 nodes
assert tag:prod exposed at most to autogroup:shared
assert no new access against git:main
assert equivalent to old.hujson
assume tag:prod and tag:staging apart
```

The same statements stand among those of a policy in the aclc language: this is the one place that reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, shown
from aclc.policy.language_document import NO_SERVICES, Services
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.properties.promised_services import ANY_SERVICE, Fault, Service, items_of, read_services
from aclc.reach.properties.statement import Statement, statement
from aclc.records import NamedTuple
from aclc.source import Source, Span

CODE = Code("PRP010", "promise-syntax", Severity.ERROR)

Kind = Literal[
    "never", "always", "only", "isolated", "at-most", "exposed", "no-new-access", "equivalent", "apart"
]  # fmt: skip
OPENINGS = ("internet", "funnel")
"""Ways in from outside that are no selector: any address at all, and Tailscale Funnel."""


class Places(NamedTuple):
    """Where the parts of a promise stand: each selector of each side, each service, the number of at-most, the policy
    that is compared with. Empty, and None, where they have no place of their own."""

    sides: tuple[tuple[Span, ...], ...] = ()
    services: tuple[Span, ...] = ()
    most: Span | None = None
    other: Span | None = None


class Property(NamedTuple):
    """One promise, or with kind `apart` one assumption.

    `sides`: never, always, only: (sources, destinations); isolated: two sets or more; at-most: (sources,); exposed:
    (what, who may: may be empty); apart: the tags, one by one. `services`: what is meant by reaching. `most`: the
    number of at-most. `openings`: of exposed, those of `OPENINGS` that may be. `other`: of no-new-access and
    equivalent, the policy to compare with, as written.
    """

    kind: Kind
    span: Span
    sides: tuple[tuple[Selector, ...], ...] = ()
    services: tuple[Service, ...] = ANY_SERVICE
    transitive: bool = False
    most: int = 0
    openings: tuple[str, ...] = ()
    other: str = ""
    places: Places = Places()


_SIDES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("never", re.compile(r"(?P<a>.+?) never reach(?:es)? (?P<b>.+)")),
    ("always", re.compile(r"(?P<a>.+?) always reach(?:es)? (?P<b>.+)")),
    ("only", re.compile(r"only (?P<a>.+?) reach(?:es)? (?P<b>.+)")),
    ("isolated", re.compile(r"isolated (?P<sets>.+)")),
    ("at-most", re.compile(r"(?P<a>.+?) reach(?:es)? at most (?P<most>[0-9]{1,9}) nodes?")),
    ("exposed", re.compile(r"nobody exposed(?: but (?P<who>.+))?")),
    ("exposed", re.compile(r"(?:(?P<what>.+) )?exposed at most to (?P<who>.+)")),
)
_OTHERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("no-new-access", re.compile(r"no new access against (?P<other>\S+|\"[^\"]+\")")),
    ("equivalent", re.compile(r"equivalent to (?P<other>\S+|\"[^\"]+\")")),
)
_PROMISE = re.compile(r"(?:assert|assume)(?=\s|$)")
_COMMENT = re.compile(r"(?:(?<=\s)|^)(?:#|//).*")
_TRANSITIVE = re.compile(r"\s+transitively$")
_ON = re.compile(r"\s+on\s+(?P<services>[^|]+)$")
_APART = re.compile(r"(?P<a>.+?) and (?P<b>.+) apart")
_KIND_AND_NAME = re.compile(r"(?P<kind>tag|group|host|ipset)\s+(?P<name>\S+)")


def parse_properties(source: Source, services: Services = NO_SERVICES) -> Outcome[tuple[Property, ...]]:
    """Give the properties of a text, in order, and what is wrong with the statements that are none.

    `services`: those of the policy, which they may name.
    A line that begins with a blank goes on with the one above, unless it begins a promise itself. Blank lines and what
    follows `#` or `//` after a blank do not count.
    """
    found: list[Property] = []
    diagnostics: list[Diagnostic] = []
    for text, start in _statements(source.text):
        one = parse_property(text, Span(source, start, start + len(text)), services)
        if isinstance(one, Property):
            found.append(one)
        else:
            diagnostics.append(one)
    return Outcome(tuple(found), tuple(diagnostics))


def statement_text(promise: Property) -> str:
    """Give a promise as it stands in its file, on one line and without comments."""
    text, _ = next(_statements(promise.span.text))
    return " ".join(text.split())


def _statements(text: str) -> Iterator[tuple[str, int]]:
    """Give each statement with where it begins; comments and line ends in it are blanks, so that places stay true."""
    at = 0
    held: list[str] = []
    begin = 0
    for line in text.split("\n"):
        bare = _COMMENT.sub(lambda match: " " * len(match.group()), line)
        goes_on = bool(held) and bare[:1] in {" ", "\t"} and not _PROMISE.match(bare.strip())
        if not goes_on:
            yield from _trimmed(held, begin)
            held = []
            if bare.strip():
                held, begin = [bare], at
        else:
            held.append(bare)
        at += len(line) + 1
    yield from _trimmed(held, begin)


def _trimmed(lines: list[str], begin: int) -> Iterator[tuple[str, int]]:
    whole = " ".join(lines)
    if whole.strip():
        yield whole.strip(), begin + len(whole) - len(whole.lstrip())


def parse_property(text: str, span: Span, services: Services = NO_SERVICES) -> Property | Diagnostic:
    """Give the property that one statement says, else what is wrong with it. `services`: those it may name."""
    whole = statement(text, span)
    word, _, rest = whole.text.partition(" ")
    if word not in {"assert", "assume"}:
        near = did_you_mean(word, ("assert", "assume"))
        return CODE.at(
            whole.place(0, len(word)),
            f"{shown(word)} begins no promise",
            help=f"did you mean `{near}`?" if near else "a line begins with `assert` or `assume`",
        )
    begin = len(whole.text) - len(rest)
    if word == "assume":
        return _assumption(whole, begin)
    for kind, form in _OTHERS:
        match = form.fullmatch(whole.text, begin)
        if match:
            place = whole.place(*match.span("other"))
            return Property(kind, span, other=match["other"].strip('"'), places=Places(other=place))
    return _about_sides(whole, begin, services)


def _assumption(whole: Statement, begin: int) -> Property | Diagnostic:
    match = _APART.fullmatch(whole.text, begin)
    sides = [_selectors(whole, *match.span(name)) for name in ("a", "b")] if match else []
    found = [each for side in sides for each in side]
    for selector, place in found:
        if selector.kind != "tag":
            return CODE.at(place, f"{shown(selector.text)} is no tag", help="an assumption keeps two tags apart")
    tags = tuple(selector for selector, _ in found)
    if len(tags) != 2:
        return _unreadable(whole, begin)
    if tags[0] == tags[1]:
        return CODE.at(found[1][1], "a tag cannot be kept apart from itself", help="name another tag")
    return Property("apart", whole.span, (tags,), places=Places((tuple(place for _, place in found),)))


def _unreadable(whole: Statement, begin: int) -> Diagnostic:
    # WHY not at the head: only what is wrong needs it, and `aclc check` reads promises on its way.
    from aclc.reach.properties.unreadable import misreading

    found = misreading(whole.text, begin)
    return CODE.at(whole.place(found.start, found.end), found.message, help=found.help)


def has_form(text: str, begin: int) -> bool:
    """Tell whether a statement has the form of a promise or an assumption, whatever its names and services are.

    `begin`: where it goes on behind its first word.
    """
    if text.startswith("assume"):
        return _APART.fullmatch(text, begin) is not None
    _, end = _ending(text, begin)
    forms = [*(form for _, form in _OTHERS), *(form for _, form in _SIDES)]
    return any(form.fullmatch(text, begin, end) for form in forms)


def _ending(text: str, begin: int) -> tuple[tuple[int, int] | None, int]:
    """Give where the services stand that a statement ends with (None: there are none), and where its forms end."""
    services: tuple[int, int] | None = None
    end = len(text)
    for _ in range(3):  # `transitively` may stand on either side of them
        if last := _TRANSITIVE.search(text, begin, end):
            end = last.start()
        elif services is None and (on := _ON.search(text, begin, end)):
            services, end = on.span("services"), on.start()
    return services, end


def _about_sides(whole: Statement, begin: int, named: Services) -> Property | Diagnostic:
    text = whole.text
    at, end = _ending(text, begin)
    is_transitive = " transitively" in text[end:]
    services, places = ANY_SERVICE, tuple[Span, ...]()
    if at is not None:
        read = read_services(text[slice(*at)], named)
        if isinstance(read, Fault):
            return CODE.at(whole.place(at[0] + read.start, at[0] + read.end), read.message, help=read.help)
        services = tuple(service for item in read for service in item.services)
        places = tuple(whole.place(at[0] + item.start, at[0] + item.end) for item in read for _ in item.services)
    for kind, form in _SIDES:
        match = form.fullmatch(text, begin, end)
        if match:
            made = _exposed(match, whole) if kind == "exposed" else _made(kind, match, whole)
            if isinstance(made, Property) and kind == "always" and is_transitive:
                word = text.rindex("transitively")
                return CODE.at(
                    whole.place(word, word + len("transitively")),
                    "what is always reached is reached directly",
                    help="leave out `transitively`: a way over other machines is nothing to rely on",
                )
            if isinstance(made, Property):
                told = made.places._replace(services=places)
                return made._replace(services=services, transitive=is_transitive, places=told)
            return made
    return _unreadable(whole, begin)


_Placed = list[tuple[Selector, Span]]


def _made(kind: Kind, match: re.Match[str], whole: Statement) -> Property | Diagnostic:
    groups = match.groupdict()
    if kind == "isolated":
        first, last = match.span("sets")
        bars = [first - 1, *(at for at in range(first, last) if whole.text[at] == "|"), last]
        found = [_selectors(whole, one + 1, other) for one, other in pairwise(bars)]
        if len(found) < 2:
            names = [selector.text for selector, _ in found[0]]
            which = " | ".join(names) if len(names) > 1 else f"{''.join(names)} | tag:other"
            return CODE.at(whole.place(first, last), "isolation needs two sets", help=f"write `isolated {which}`")
    else:
        found = [_selectors(whole, *match.span(name)) for name in ("a", "b") if groups.get(name)]
    if not all(found):
        return CODE.at(whole.span, "a side of the promise names nobody", help="name selectors, separated by commas")
    sides, places = _sides_and_places(found)
    most = int(groups["most"]) if groups.get("most") else 0
    counted = whole.place(*match.span("most")) if groups.get("most") else None
    return Property(kind, whole.span, sides, most=most, places=Places(places, most=counted))


def _sides_and_places(
    found: Iterable[_Placed],
) -> tuple[tuple[tuple[Selector, ...], ...], tuple[tuple[Span, ...], ...]]:
    listed = list(found)
    return (
        tuple(tuple(selector for selector, _ in side) for side in listed),
        tuple(tuple(place for _, place in side) for side in listed),
    )


def _exposed(match: re.Match[str], whole: Statement) -> Property | Diagnostic:
    """Read who may reach in from outside: selectors, `shared`, `internet`, `funnel`, or `nobody`."""
    groups = match.groupdict()
    everything, nobody = (parse_selector("*"), whole.span), (parse_selector("nobody"), whole.span)
    what = _selectors(whole, *match.span("what")) if groups.get("what") else [everything]
    who = _selectors(whole, *match.span("who")) if groups["who"] else [nobody]
    openings = tuple(each.name for each, _ in who if each.text in OPENINGS)
    named = [
        (parse_selector("autogroup:shared") if each.text == "shared" else each, place)
        for each, place in who
        if each.text not in {*OPENINGS, "nobody"}
    ]
    if not what or not who or (len(who) > 1 and any(each.text == "nobody" for each, _ in who)):
        first, last = match.span("who")
        return CODE.at(
            whole.place(first, last) if last > first else whole.span,
            "it is not said to whom it may be exposed",
            help="write `exposed at most to nobody`, or a list of `shared`, `internet`, `funnel` and selectors",
        )
    sides, places = _sides_and_places((what, named))
    return Property("exposed", whole.span, sides, openings=openings, places=Places(places))


def _selectors(whole: Statement, first: int, last: int) -> _Placed:
    """Give the selectors of a list, each with its place; `tag web` is `tag:web`, as in the aclc language, and `any` is
    `*`."""
    return [
        (_selector(name), whole.place(first + start, first + start + len(name)))
        for start, name in items_of(whole.text[first:last])
        if name
    ]


def _selector(text: str) -> Selector:
    match = _KIND_AND_NAME.fullmatch(text)
    if match:
        kind, name = match["kind"], match["name"].removeprefix(f"{match['kind']}:")
        return parse_selector(name if kind == "host" else f"{kind}:{name}")
    return parse_selector("*" if text == "any" else text)
