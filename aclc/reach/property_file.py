"""Properties of a policy as text: one promise a line, in the policy's own selectors.

```text
# contractors stay out of production, even by way of machines they may log in to
assert group:contractors never reach tag:prod transitively
assert only group:oncall reach tag:prod on tcp 22
assert group:eng always reach tag:staging on tcp 443
assert isolated tag:prod | tag:staging
assert group:contractors reach at most 5 nodes
assert nobody exposed but autogroup:shared
assume tag:prod and tag:staging apart
```
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.selectors import Selector, parse_selector
from aclc.source import Source, Span

CODE = Code("PRP010", "property-syntax", Severity.ERROR)

Kind = Literal["never", "always", "only", "isolated", "at-most", "exposed", "apart"]
Service = tuple[int | None, int, int]
"""(protocol, first port, last port); protocol None: any."""

ANY_SERVICE: tuple[Service, ...] = ((None, 0, 65535),)


class Property(NamedTuple):
    """One promise, or with kind `apart` one assumption.

    `sides`: never, always, only: (sources, destinations); isolated: two sets or more; at-most: (sources,); exposed:
    (who may be,); apart: the tags, one by one. `services`: what is meant by reaching. `most`: the number of at-most.
    """

    kind: Kind
    span: Span
    sides: tuple[tuple[Selector, ...], ...]
    services: tuple[Service, ...] = ANY_SERVICE
    transitive: bool = False
    most: int = 0


_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("never", re.compile(r"(?P<a>.+?) never reach(?:es)? (?P<b>.+)")),
    ("always", re.compile(r"(?P<a>.+?) always reach(?:es)? (?P<b>.+)")),
    ("only", re.compile(r"only (?P<a>.+?) reach(?:es)? (?P<b>.+)")),
    ("isolated", re.compile(r"isolated (?P<sets>.+)")),
    ("at-most", re.compile(r"(?P<a>.+?) reach(?:es)? at most (?P<most>[0-9]{1,9}) nodes?")),
    ("exposed", re.compile(r"nobody exposed(?: but (?P<a>.+))?")),
)
_PROMISE = re.compile(r"(?:assert|assume)[ \t]")
_TRANSITIVE = re.compile(r"\s+transitively$")
_ON = re.compile(r"\s+on\s+(?P<services>[^|]+)$")
_APART = re.compile(r"(?P<a>\S+) and (?P<b>\S+) apart")
_SERVICE = re.compile(r"(?:(?P<protocol>[A-Za-z][A-Za-z0-9-]*)\s*)?(?P<first>\*|[0-9]{1,5})?(?:-(?P<last>[0-9]{1,5}))?")


def parse_properties(source: Source, *, among_statements: bool = False) -> Outcome[tuple[Property, ...]]:
    """Give the properties of a text, in order, and what is wrong with the lines that are none.

    `among_statements`: the text is a policy in the aclc language, so lines that begin otherwise are not for us.
    Blank lines and what follows `#` or `//` after a blank do not count.
    """
    found: list[Property] = []
    diagnostics: list[Diagnostic] = []
    at = 0
    for line in source.text.split("\n"):
        text = re.split(r"(?:^|\s)(?:#|//)", line, maxsplit=1)[0].strip()
        if text and (not among_statements or _PROMISE.match(line)):
            start = at + line.index(text)
            one = parse_property(text, Span(source, start, start + len(text)))
            if isinstance(one, Property):
                found.append(one)
            else:
                diagnostics.append(one)
        at += len(line) + 1
    return Outcome(tuple(found), tuple(diagnostics))


def parse_property(text: str, span: Span) -> Property | Diagnostic:
    """Give the property that one statement says, or why it says none."""
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word == "assume":
        match = _APART.fullmatch(rest)
        if match and all(each.startswith("tag:") for each in match.groups()):
            return Property("apart", span, ((parse_selector(match["a"]), parse_selector(match["b"])),))
        return CODE.at(span, "assumption cannot be read", help="write `assume tag:a and tag:b apart`")
    if word != "assert":
        near = did_you_mean(word, ("assert", "assume"))
        return CODE.at(
            span.within(0, len(word)),
            f"`{word}` begins no property",
            help=f"did you mean `{near}`?" if near else "a line begins with `assert` or `assume`",
        )
    transitive = bool(_TRANSITIVE.search(rest))
    rest = _TRANSITIVE.sub("", rest)
    services = ANY_SERVICE
    on = _ON.search(rest)
    if on:
        read = parse_services(on["services"])
        if read is None:
            return CODE.at(
                span,
                f"`{on['services']}` names no services",
                help="write `on tcp 22`, `on tcp 80-90, udp 53` or `on icmp`",
            )
        services, rest = read, rest[: on.start()]
    for kind, form in _FORMS:
        match = form.fullmatch(rest)
        if match:
            return _made(kind, match, span, services, transitive=transitive)
    return CODE.at(
        span,
        "property cannot be read",
        help="write `A never reach B`, `A always reach B on tcp 443`, `only A reach B`, `isolated A | B`, "
        "`A reach at most N nodes` or `nobody exposed but A`",
    )


def _made(
    kind: Kind, match: re.Match[str], span: Span, services: tuple[Service, ...], *, transitive: bool
) -> Property | Diagnostic:
    groups = match.groupdict()
    if kind == "isolated":
        sides = tuple(_selectors(part) for part in groups["sets"].split("|"))
        if len(sides) < 2:
            return CODE.at(span, "isolation needs two sets", help="separate them with `|`")
    else:
        sides = tuple(_selectors(groups[name]) for name in ("a", "b") if groups.get(name))
    if any(not side for side in sides):
        return CODE.at(span, "a side of the property names nobody", help="name selectors, separated by commas")
    return Property(kind, span, sides, services, transitive, int(groups["most"]) if groups.get("most") else 0)


def _selectors(text: str) -> tuple[Selector, ...]:
    return tuple(parse_selector(part.strip()) for part in text.split(",") if part.strip())


def parse_services(text: str) -> tuple[Service, ...] | None:
    """Give what `tcp 80-90, udp 53, icmp` says, None where it cannot be read; a bare number goes on with the protocol
    before it, at first TCP."""
    found: list[Service] = []
    protocol: int | None = 6
    for part in text.split(","):
        match = _SERVICE.fullmatch(part.strip())
        if match is None or not part.strip():
            return None
        if match["protocol"]:
            protocol = TAILSCALE.protocols.get(match["protocol"].lower())
            if protocol is None:
                return None
        if match["first"] in {None, "*"}:
            first, last = 0, 65535
        else:
            first = int(match["first"])
            last = int(match["last"] or first)
        if not 0 <= first <= last <= 65535:
            return None
        found.append((protocol, first, last))
    return tuple(found)
