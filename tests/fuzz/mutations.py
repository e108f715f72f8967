"""Ways to spoil a policy: its text byte by byte, its values as a tree."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

Json = Any

TOKENS = (
    *'{}[]:,"\\/*#\n\t ',
    "null",
    "true",
    "0",
    "-1e999",
    "//",
    "/*",
    '"*"',
    '"tag:web"',
    '"group:eng"',
    '"autogroup:self"',
    '"\\ud800"',
    "\udcff",  # a byte that is no UTF-8
    "\x00",
    "é🎉",
)
ODD_VALUES: tuple[Json, ...] = (
    None, True, False, 0, -1, 65536, 1e300, "", " ", "*", "*:*", "::", "0.0.0.0/0", "::/0", "1.2.3.4/33",
    "fe80::1%eth0", "tag:", "group:", "autogroup:", "autogroup:self", "autogroup:internet", "autogroup:danger-all",
    "ipset:mixed", "svc:a", "user:*@", "user:*@example.com", "localpart:*@example.com", "host:office", "posture:linux",
    "a@b", "@", "tag:a:b:c", "10.0.0.0/8:*", "[::1]:80", "fd00::/8:1-2,3", "*:65536", "*:0", "*:9-1", "tcp:*",
    "icmp:80", ":", "999:1", "x" * 500, "\u0000", "\ud800", "例え", "1.40.x", "node:os == 'linux'", "node:os IN [",
    "add ipset:mixed", "remove *", "12h", "-1ns",
    [], {}, [[]], [{}], {"": []}, ["*"], {"src": ["*"], "dst": ["*"]}, {"a/b": [{}]}, [None], [1],
)  # fmt: skip
"""Values that fit many places badly."""


def spoil_text(chooser: random.Random, text: str) -> str:
    """Give a text with a few characters or tokens changed, lost, doubled or moved."""
    for _ in range(chooser.randrange(1, 5)):
        at = chooser.randrange(len(text) + 1)
        size = chooser.choice((0, 1, 1, 2, 8, 40))
        match chooser.randrange(5):
            case 0:
                text = text[:at] + text[at + size :]
            case 1:
                text = text[:at] + chooser.choice(TOKENS) + text[at:]
            case 2:
                text = text[:at] + chooser.choice(TOKENS) + text[at + size :]
            case 3:
                text = text[:at] + text[at : at + size] * 2 + text[at + size :]
            case _:
                other = chooser.randrange(len(text) + 1)
                text = text[:at] + text[other : other + size] + text[at:]
    return text


def spoil_tree(chooser: random.Random, value: Json) -> Json:
    """Give a JSON value with a few of its parts changed, lost, doubled, renamed or exchanged."""
    value = copy.deepcopy(value)
    for _ in range(chooser.randrange(1, 5)):
        places = list(_places(value))
        if not places:
            return chooser.choice(ODD_VALUES)
        parent, key = chooser.choice(places)
        match chooser.randrange(6):
            case 0:
                parent[key] = copy.deepcopy(chooser.choice(ODD_VALUES))
            case 1:
                del parent[key]
            case 2:
                other, name = chooser.choice(places)
                parent[key] = copy.deepcopy(other.get(name) if isinstance(other, dict) else other[name])
            case 3 if isinstance(parent, list):
                parent.insert(key, copy.deepcopy(chooser.choice([parent[key], *ODD_VALUES])))
            case 4 if isinstance(parent, dict):
                parent[str(chooser.choice((key.upper(), f"{key}x", key[:-1], "", "src", "tag:web")))] = parent.pop(key)
            case _ if isinstance(parent[key], str):
                parent[key] = spoil_text(chooser, parent[key])
            case _:
                parent[key] = [parent[key]]
    return value


def _places(value: Json) -> Iterator[tuple[Any, Any]]:
    """Give every (container, key or index) in a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
