"""Properties of a policy as text: one promise a statement, in the policy's own selectors.

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
from collections.abc import Iterator
from typing import Literal

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.language_document import NO_SERVICES, Services
from aclc.policy.selectors import Selector, parse_selector
from aclc.records import NamedTuple
from aclc.source import Source, Span

CODE = Code("PRP010", "property-syntax", Severity.ERROR)

Kind = Literal[
    "never", "always", "only", "isolated", "at-most", "exposed", "no-new-access", "equivalent", "apart"
]  # fmt: skip
Service = tuple[int | None, int, int]
"""(protocol, first port, last port); protocol None: with some ports, any protocol that has ports; with all, any."""

ANY_SERVICE: tuple[Service, ...] = ((None, 0, 65535),)

OPENINGS = ("internet", "funnel")
"""Ways in from outside that are no selector: any address at all, and Tailscale Funnel."""


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
_SERVICE = re.compile(
    r"(?:(?P<protocol>[A-Za-z][A-Za-z0-9-]*|[0-9]{1,3}(?=:))\s*:?\s*)?(?P<first>\*|[0-9]{1,5})?(?:-(?P<last>[0-9]{1,5}))?"
)
_KIND_AND_NAME = re.compile(r"(?P<kind>tag|group|host|ipset)\s+(?P<name>\S+)")

_FORMS = (
    "write `A never reach B`, `A always reach B on tcp 443`, `only A reach B`, `isolated A | B`, "
    "`A reach at most N nodes`, `A exposed at most to B`, `no new access against git:REV` or `equivalent to FILE`"
)


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
    word, *others = text.split()
    rest = " ".join(others)
    if word == "assume":
        match = _APART.fullmatch(rest)
        sides = [_selectors(each) for each in match.groups()] if match else []
        tags = tuple(selector for side in sides for selector in side)
        if len(tags) == 2 and all(each.kind == "tag" for each in tags) and tags[0] != tags[1]:
            return Property("apart", span, (tags,))
        return CODE.at(span, "assumption cannot be read", help="write `assume tag:a and tag:b apart`")
    if word != "assert":
        near = did_you_mean(word, ("assert", "assume"))
        return CODE.at(
            span.within(0, len(word)),
            f"`{word}` begins no property",
            help=f"did you mean `{near}`?" if near else "a line begins with `assert` or `assume`",
        )
    for kind, form in _OTHERS:
        match = form.fullmatch(rest)
        if match:
            return Property(kind, span, other=match["other"].strip('"'))
    return _about_sides(rest, span, services)


def _about_sides(rest: str, span: Span, named: Services) -> Property | Diagnostic:
    transitive = bool(_TRANSITIVE.search(rest))
    rest = _TRANSITIVE.sub("", rest)
    services = ANY_SERVICE
    on = _ON.search(rest)
    if on:
        read = parse_services(on["services"], named)
        if read is None:
            near = did_you_mean(on["services"].strip(), tuple(named))
            return CODE.at(
                span,
                f"`{on['services']}` names no services",
                help=f"did you mean `{near}`?" if near else "write `on tcp 22`, `on tcp 80-90, udp 53` or `on icmp`",
            )
        services, rest = read, rest[: on.start()]
    for kind, form in _SIDES:
        match = form.fullmatch(rest)
        if match:
            made = _exposed(match, span) if kind == "exposed" else _made(kind, match, span)
            if isinstance(made, Property) and kind == "always" and transitive:
                return CODE.at(
                    span,
                    "what is always reached is reached directly",
                    help="leave out `transitively`: a way over other machines is nothing to rely on",
                )
            return made._replace(services=services, transitive=transitive) if isinstance(made, Property) else made
    return CODE.at(span, "property cannot be read", help=_FORMS)


def _made(kind: Kind, match: re.Match[str], span: Span) -> Property | Diagnostic:
    groups = match.groupdict()
    if kind == "isolated":
        sides = tuple(_selectors(part) for part in groups["sets"].split("|"))
        if len(sides) < 2:
            return CODE.at(span, "isolation needs two sets", help="separate them with `|`")
    else:
        sides = tuple(_selectors(groups[name]) for name in ("a", "b") if groups.get(name))
    if any(not side for side in sides):
        return CODE.at(span, "a side of the property names nobody", help="name selectors, separated by commas")
    return Property(kind, span, sides, most=int(groups["most"]) if groups.get("most") else 0)


def _exposed(match: re.Match[str], span: Span) -> Property | Diagnostic:
    """Read who may reach in from outside: selectors, `shared`, `internet`, `funnel`, or `nobody`."""
    groups = match.groupdict()
    what = _selectors(groups.get("what") or "*")
    who = _selectors(groups["who"] or "nobody")
    openings = tuple(each.name for each in who if each.text in OPENINGS)
    named = tuple(
        parse_selector("autogroup:shared") if each.text == "shared" else each
        for each in who
        if each.text not in {*OPENINGS, "nobody"}
    )
    if not what or not who or (len(who) > 1 and any(each.text == "nobody" for each in who)):
        return CODE.at(
            span,
            "it is not said to whom it may be exposed",
            help="write `exposed at most to nobody`, or a list of `shared`, `internet`, `funnel` and selectors",
        )
    return Property("exposed", span, (what, named), openings=openings)


def _selectors(text: str) -> tuple[Selector, ...]:
    """Give the selectors of a list; `tag web` is `tag:web`, as in the aclc language, and `any` is `*`."""
    return tuple(_selector(part.strip()) for part in text.split(",") if part.strip())


def _selector(text: str) -> Selector:
    match = _KIND_AND_NAME.fullmatch(text)
    if match:
        kind, name = match["kind"], match["name"].removeprefix(f"{match['kind']}:")
        return parse_selector(name if kind == "host" else f"{kind}:{name}")
    return parse_selector("*" if text == "any" else text)


def parse_services(text: str, named: Services = NO_SERVICES) -> tuple[Service, ...] | None:
    """Give what `tcp 80-90, udp 53, icmp` says, None where it cannot be read; `named`: what names stand for.

    As in rules of the aclc language: a bare number goes on with the protocol before it, at the head it is of any
    protocol that has ports; after a name, or a protocol without ports, it needs a protocol.
    """
    found: list[Service] = []
    protocol: int | None = None
    may_go_on = True
    for part in text.split(","):
        name = part.strip()
        if name in named:
            inner = [parse_services(item) for item in named[name]]
            found += (service for each in inner for service in each or ())
            may_go_on = False
            if not inner or None in inner:
                return None
            continue
        match = _SERVICE.fullmatch(name)
        if match is None or not name or (match["protocol"] is None and not may_go_on):
            return None
        if match["protocol"]:
            known = _protocol(match["protocol"].lower())
            if known is None:
                return None
            protocol = None if known < 0 else known
            may_go_on = protocol is None or protocol in TAILSCALE.protocols_with_ports
        if match["first"] in {None, "*"}:
            first, last = 0, 65535
        elif not may_go_on:
            return None
        else:
            first = int(match["first"])
            last = int(match["last"] or first)
        if not 0 <= first <= last <= 65535:
            return None
        found.append((protocol, first, last))
    return tuple(found)


def _protocol(name: str) -> int | None:
    """Give the number of a protocol, -1 for any, None where there is no such."""
    if name == "any":
        return -1
    if name.isdigit():
        return int(name) if 0 < int(name) < 256 else None
    return TAILSCALE.protocols.get(name)
