"""Gains that somebody has agreed to: a list beside the policy, so that a gate stops at everything else.

```text
allow group:eng -> tag:staging on tcp 443
allow ssh group:oncall -> tag:prod as root, ubuntu
```
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.compare import Change
from aclc.reach.principals import Principal
from aclc.reach.property_file import ANY_SERVICE, Service, parse_services
from aclc.reach.space import View
from aclc.reach.ssh import SshChange
from aclc.source import Source, Span

CODE = Code("PRP012", "accepted-gain-syntax", Severity.ERROR)

_LINE = re.compile(
    r"allow\s+(?P<ssh>ssh\s+)?(?P<src>.+?)\s*->\s*(?P<dst>.+?)(?:\s+on\s+(?P<on>.+?)|\s+as\s+(?P<logins>.+?))?"
)


class Accepted(NamedTuple):
    """One line. `logins`: set for SSH, None for the network; empty logins mean any."""

    sources: tuple[Selector, ...]
    targets: tuple[Selector, ...]
    services: tuple[Service, ...]
    logins: frozenset[str] | None


def parse_accepted(source: Source) -> Outcome[tuple[Accepted, ...]]:
    """Give the accepted gains of a text, and what is wrong with lines that are none. `#` and `//` begin comments."""
    found: list[Accepted] = []
    diagnostics: list[Diagnostic] = []
    at = 0
    for line in source.text.split("\n"):
        text = re.split(r"(?:^|\s)(?:#|//)", line, maxsplit=1)[0].strip()
        if text:
            start = at + line.index(text)
            one = _accepted(text)
            if one is None:
                span = Span(source, start, start + len(text))
                help = "write `allow A -> B on tcp 443` or `allow ssh A -> B as root`"
                diagnostics.append(CODE.at(span, "accepted gain cannot be read", help=help))
            else:
                found.append(one)
        at += len(line) + 1
    return Outcome(tuple(found), tuple(diagnostics))


def _accepted(text: str) -> Accepted | None:
    match = _LINE.fullmatch(text)
    if match is None or bool(match["logins"]) > bool(match["ssh"]) or (match["ssh"] and match["on"]):
        return None
    services = parse_services(match["on"]) if match["on"] else ANY_SERVICE
    sides = tuple(
        tuple(parse_selector(part.strip()) for part in match[side].split(",") if part.strip())
        for side in ("src", "dst")
    )
    if services is None or not all(sides):
        return None
    logins = frozenset(part.strip() for part in (match["logins"] or "").split(",") if part.strip())
    return Accepted(sides[0], sides[1], services, logins if match["ssh"] else None)


def accepts(view: View, accepted: tuple[Accepted, ...], change: Change) -> bool:
    """Tell whether one line covers a whole gain: every source, target and service of it."""
    return any(
        not change.sources & ~_sources(view, each)
        and not change.targets & ~_targets(view, each)
        and all(_covers(each.services, service) for service in change.services)
        for each in accepted
        if each.logins is None
    )


def accepts_session(view: View, accepted: tuple[Accepted, ...], change: SshChange) -> bool:
    """Tell whether one line covers a whole change of SSH: every source, target and login of it."""
    sources, targets = view.sources.of_nodes(change.sources), view.targets.of_nodes(change.targets) & view.live
    return any(
        not sources & ~_sources(view, each)
        and not targets & ~_targets(view, each)
        and (not each.logins or set(change.logins) <= each.logins)
        for each in accepted
        if each.logins is not None
    )


def _sources(view: View, accepted: Accepted) -> int:
    found = 0
    for selector in accepted.sources:
        found |= Principal(selector.text, selector).sources(view)
    return found


def _targets(view: View, accepted: Accepted) -> int:
    found = 0
    for selector in accepted.targets:
        found |= Principal(selector.text, selector).targets(view)
    return found


def _covers(services: tuple[Service, ...], wanted: tuple[int, int, int]) -> bool:
    protocol, first, last = wanted
    return any(each in {None, protocol} and low <= first and last <= high for each, low, high in services)
