"""What every format is brought to before its meaning is checked: the texts of a tailnet, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from aclc.net import parse_prefix
from aclc.records import NamedTuple
from aclc.source import Document, Path

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Spelling(NamedTuple):
    """Where a format keeps what: for each field the path below its user or node."""

    login: Path
    name: Path
    created: Path
    user: Path
    tags: Path
    addresses: Path
    advertised: Path
    approved: Path


class UserFacts(NamedTuple):
    """A user as a file says it. `role` is None where the format does not say roles. `names` as in `model.User`."""

    path: Path
    login: str
    role: str | None = None
    names: tuple[str, ...] = ()


class NodeFacts(NamedTuple):
    """A node as a file says it; everything is text still.

    `created`: RFC 3339, or nanoseconds since 1970, or None. `approved` is None where the file does not say. The lists
    keep the positions of the file where the format has such a list, so that an item is found again.
    """

    path: Path
    name: str
    addresses: Sequence[str]
    id: str = ""
    created: str | int | None = None
    user: str | None = None
    tags: Sequence[str] = ()
    advertised: Sequence[str] | None = None
    approved: Sequence[str] | None = None
    online: bool = True
    posture: Mapping[str, str | bool | int | float] = _NOTHING
    shared: bool = False
    extra: Mapping[str, Any] = _NOTHING


class Facts(NamedTuple):
    """One file's facts.

    `is_own`: aclc's own schema, written by people, so that more is asked of it. `limits`: what this kind of file cannot
    say, in the words of a finding. `has_roles`: whether users in it have roles where somebody has one.
    """

    document: Document
    spelling: Spelling
    name: str
    domains: tuple[str, ...]
    users: tuple[UserFacts, ...]
    nodes: tuple[NodeFacts, ...]
    is_own: bool = False
    limits: tuple[str, ...] = ()
    has_roles: bool = True


def node_name(full: str, suffix: str, host: str, number: str) -> str:
    """Give a machine's name; one without a DNS name gets its host name and number, which together are unique."""
    return short_name(full, suffix) if full.strip(".") else f"{host or 'node'}-{number}"


def short_name(full: str, suffix: str) -> str:
    """Give a machine's name without the tailnet's DNS suffix and last dot; other suffixes stay."""
    name = full.rstrip(".")
    tail = "." + suffix.strip(".")
    return name.removesuffix(tail) if suffix else name


def beyond(own: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """Give what of `allowed` is not the node's own address: the routes it serves. What is no prefix stays."""
    mine = {parse_prefix(text) for text in own}
    return [text for text in allowed if (prefix := parse_prefix(text)) is None or prefix not in mine]


_SYSTEMS = {
    "linux": "linux",
    "windows": "windows",
    "macos": "macos",
    "ios": "ios",
    "tvos": "tvos",
    "android": "android",
    "freebsd": "freebsd",
    "openbsd": "openbsd",
    "illumos": "illumos",
    "js": "js",
}


def posture_facts(os: str = "", os_version: str = "", client_version: str = "") -> dict[str, str | bool | int | float]:
    """Give posture attributes from what listings say of a machine.

    Unknown systems are left out, not guessed. A client's version is cut before its build (`1.66.3-t1234-g5678` is
    1.66.3).
    """
    facts: dict[str, str | bool | int | float] = {}
    system = _SYSTEMS.get(os.casefold())
    if system:
        facts["node:os"] = system
    if os_version:
        facts["node:osVersion"] = os_version
    version = client_version.partition("-")[0]
    if version:
        facts["node:tsVersion"] = version
    return facts
