"""The text of a rule on one line: in full where it is short, else with those items of its lists that a question is
about; how many others there are is said."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from aclc.reach.graph.space import View
from aclc.reach.questions.inquiry import Asked
from aclc.reports.safe_text import printable
from aclc.source import Place
from aclc.syntax.hujson_plain import plain_json

WIDEST_RULE = 90
"""Characters up to which a rule is told in full."""

MOST_NEEDED = 3
"""Items of one list that are told because the question is about them."""

_LONGEST_VALUE = 40
_CLAUSE = re.compile(r"(\s(?:->|on|as|when|via|from|until|because|owner|every)\s)")


def needed_items(view: View, asked: Asked, grant: int) -> frozenset[str]:
    """Give the items of a rule, as they are written, that name something that is asked about, or open the port
    that is."""
    rule = view.resolved.grants[grant]
    sources, targets = asked.src.sources(view), asked.dst.targets(view)
    places = [rule.place.at("src", at) for at, selector in enumerate(rule.src) if view.sources_of(selector) & sources]
    for part in rule.parts:
        for network in part.networks:
            for target in network.targets:
                if not part.is_self and not view.targets_of(target.selector) & targets:
                    continue
                for ports, item in zip(target.ports, target.items, strict=True):
                    places.append(rule.place.at("dst", item.dst))
                    is_open = asked.port is not None and ports.first <= asked.port <= ports.last
                    if item.ip is not None and is_open and network.protocol in {None, asked.protocol}:
                        places.append(rule.place.at("ip", item.ip))
    return written(places)


def written(places: Iterable[Place]) -> frozenset[str]:
    """Give what stands at places, each on one line."""
    return frozenset(" ".join(place.span.text.split()) for place in places)


def rule_text(text: str, needed: Collection[str]) -> str:
    """Give a rule on one line, as it is written where it is short. `needed`: items that have to be seen."""
    # WHY plain: comments inside a rule would hide how it goes on.
    plain = plain_json(text)
    line = " ".join((plain or text).split())
    if len(line) <= WIDEST_RULE:
        return printable(line)
    value = _value(plain)
    shorter = ""
    for more in (4, 2, 1, 0):
        if value is None:
            shorter = "".join(_clauses(line, needed, more))
        else:
            members = (f"{_text(key)}: {_member(each, needed, more)}" for key, each in value.items())
            shorter = "{" + ", ".join(members) + "}"
        if len(shorter) <= WIDEST_RULE:
            break
    return printable(shorter)


def _value(plain: str | None) -> dict[str, Any] | None:
    try:
        value = json.loads(plain or "")
    except ValueError:  # it is in the aclc language, or cannot be read
        return None
    return value if isinstance(value, dict) else None


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _member(value: object, needed: Collection[str], more: int) -> str:
    if isinstance(value, list) and value and not any(isinstance(each, dict | list) for each in value):
        return f"[{_told([_text(each) for each in value], needed, more)}]"
    text = _text(value)
    if isinstance(value, dict | list) and len(text) > _LONGEST_VALUE:
        return "{…}" if isinstance(value, dict) else "[…]"
    return text


def _clauses(line: str, needed: Collection[str], more: int) -> Iterator[str]:
    """Give a rule of the aclc language, clause by clause."""
    for number, clause in enumerate(_CLAUSE.split(line)):
        yield clause if number % 2 else _told(clause.split(", "), needed, more)


def _told(items: list[str], needed: Collection[str], more: int) -> str:
    """Give the items that are needed, and some besides, in their order."""
    is_needed = [at for at, item in enumerate(items) if item in needed or item.rpartition(" ")[2] in needed]
    kept = set(is_needed[:MOST_NEEDED])
    for at in range(len(items)):
        if len(kept) >= max(more, 1):
            break
        kept.add(at)
    left = len(items) - len(kept)
    if left <= 1 and more:
        return ", ".join(items)
    texts = [items[at] for at in sorted(kept)]
    return ", ".join([*texts, f"… {left} more"] if left else texts)
