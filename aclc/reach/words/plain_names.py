"""Names of the population that stands for every tailnet, in words for people who know nothing of populations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aclc.net import IpSet, Prefix, interval_text, parse_prefix, parse_range
from aclc.reach.population.population import NEW_TAG

AT_ADDRESS = " whose address a rule names"
WITH_A_SUBNET = " with a subnet"

ANY_OTHER = "any other network"
"""Whatever lies behind routers and nobody names."""

StandIns = Mapping[str, tuple[str, ...]]

_NUMBER = re.compile(r" \(\d+\)$")
_ROLE = re.compile(r"device of a new ([a-z-]+)( at .+)?")
_ROLE_AT = re.compile(r"device of any (?!user )[a-z-]+ at ")
_BEHIND = re.compile(r"(?P<place>.+) (?:behind|through|beyond) (?P<router>(?:any |exit|router).*)")
_TAG = re.compile(r"tag:[^ ]+")
_PLACES = {"private addresses": "private addresses beyond exit nodes"}
_WORDS = {
    "new device": "device of any other user",
    "new tagged node": "node with any other tag",
    "outsider's device": "device shared in from outside",
    "router": "any router",
    "exit": "any exit node",
}


def plain_name(name: str) -> str:
    """Give the name of a node of the population without its number, in plain words.

    >>> plain_name("node with tag:a and tag:b (27)")
    'node with tag:a and tag:b'
    >>> plain_name("another new device, node:os = linux (3)")
    'device of any other user, node:os = linux'
    """
    text = _NUMBER.sub("", name).removeprefix("another ")
    head, comma, facts = text.partition(", ")
    head, at, place = head.partition(" at a named address")
    at = AT_ADDRESS if at else ""
    role = _ROLE.fullmatch(head)
    if role:
        head = f"device of any {role[1]}{role[2] or ''}"
    elif head.startswith("shared device of "):
        head = f"device shared in by {head.removeprefix('shared device of ')}"
    elif head.endswith(WITH_A_SUBNET):
        head = f"{plain_name(head.removesuffix(WITH_A_SUBNET)).removeprefix('any ')}{WITH_A_SUBNET}"
    elif head.startswith(("router tag:", "exit tag:")):
        kind, _, tag = head.partition(" ")
        head = f"{'router' if kind == 'router' else 'exit node'} with {tag}"
    else:
        head = _WORDS.get(head, head).replace("new device at ", "device of any user at ")
    return head.replace(f"node with {NEW_TAG}", "node with any other tag") + at + place + comma + facts


def stand_in_words(stand_ins: Iterable[tuple[Prefix, IpSet]]) -> dict[str, tuple[str, ...]]:
    """Give what stands for other addresses, as text, and these in words."""
    return {
        interval_text(prefix.family, prefix.first, prefix.last): tuple(others.texts()) or (ANY_OTHER,)
        for prefix, others in stand_ins
    }


def plain_texts(texts: Iterable[str], stand_ins: StandIns | None = None) -> tuple[str, ...]:
    """Give names of endpoints of the population as people would: each range once, with the routers it needs, and what a
    device shows only where it matters.

    `stand_ins`: what stands for other addresses, and these in words.

    >>> plain_texts(["10.0.0.0/8 behind any router (3)", "10.0.0.0/8 behind router tag:a (4)"])
    ('10.0.0.0/8',)
    >>> plain_texts(["10.0.0.0/8 behind router with tag:a", "router with tag:a", "new device, node:os = linux (3)"])
    ('10.0.0.0/8 (through tag:a)', 'node with tag:a', 'device of any other user, node:os = linux')
    >>> plain_texts(["10.0.0.0/25 behind any router", "fd00::/8 behind any router", "10.0.0.128/25 behind any router"])
    ('10.0.0.0/24', 'fd00::/8')
    >>> plain_texts(["203.0.113.0/24 behind any router"], {"203.0.113.0/24": ("any other network",)})
    ('any other network',)
    >>> plain_texts(["device of a new admin at x.com (1)", "new device at x.com", "device of a new it-admin at y.com"])
    ('device of any user at x.com', 'device of any it-admin at y.com')
    """
    routers: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    for text in texts:
        behind = _BEHIND.fullmatch(text)
        place = behind["place"] if behind else text
        for name in (stand_ins or {}).get(place, (_PLACES.get(place, place),)):
            if behind:
                routers.setdefault(name, []).append(plain_name(behind["router"]))
                found[name] = None
            else:
                found[_as_node(plain_name(name))] = None
    told = _ranges_joined({text: _way(routers[text]) if text in routers else "" for text in found})
    users = {text: _ROLE_AT.sub("device of any user at ", text) for text in told}
    told = [text for text in told if users[text] == text or users[text] not in users]
    return tuple(text for text in told if text.partition(", ")[0] == text or text.partition(", ")[0] not in told)


def _ranges_joined(ways: dict[str, str]) -> list[str]:
    """Give each name with its way; ranges that touch and have one way are one, and those with one way stand together,
    where the first of them stands."""
    ranges: dict[str, list[tuple[int, int, int]]] = {}
    for text, way in ways.items():
        extent = _extent(text)
        if extent is not None:
            ranges.setdefault(way, []).append(extent)
    told: list[str] = []
    for text, way in ways.items():
        if _extent(text) is None:
            told.append(text + way)
        elif way in ranges:
            texts = list(IpSet.from_intervals(ranges.pop(way)).texts())
            told += (
                texts if not way else [f"{', '.join(texts[:-1])} and {texts[-1]}{way}" if texts[1:] else texts[0] + way]
            )
    return told


def _extent(text: str) -> tuple[int, int, int] | None:
    """Give the range that a text names, None where it names anything else."""
    prefix = parse_prefix(text)
    if prefix is not None:
        return prefix.family, prefix.first, prefix.last
    ends = parse_range(text)
    return (ends[0].family, ends[0].value, ends[1].value) if ends is not None else None


def _way(routers: Iterable[str]) -> str:
    """Say which routers an address needs; nothing where any router that serves it will do."""
    kinds = dict.fromkeys(routers)
    if "any router" in kinds:
        return ""
    tags = " or ".join(dict.fromkeys(tag for each in kinds for tag in _TAG.findall(each)))
    is_by_tag = all(_TAG.search(each) for each in kinds)
    if all(each.endswith(WITH_A_SUBNET) for each in kinds):
        return f" (only through an exit node{f' with {tags}' if is_by_tag else ''} that is also a subnet router)"
    return f" (through {tags})" if tags and is_by_tag else ""


def _as_node(name: str) -> str:
    """Give the name of a router as that of any node with its owner: as an end of a connection it is nothing else."""
    if name in {"any router", "any exit node", "exit node with a subnet"}:
        return _WORDS["new device"]
    return (
        name.removesuffix(WITH_A_SUBNET)
        .replace("exit node with tag:", "node with tag:")
        .replace("router with tag:", "node with tag:")
    )


def with_article(name: str) -> str:
    """Give the name of a node as a part of a sentence: those of the population are any such node.

    >>> with_article("node with tag:a"), with_article("exit node with tag:a"), with_article("beedrill")
    ('a node with tag:a', 'an exit node with tag:a', 'beedrill')
    """
    if name.startswith(("node with ", "device ", "router with ")):
        return f"a {name}"
    return f"an {name}" if name.startswith("exit node ") else name
