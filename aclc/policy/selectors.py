"""Selectors: the items of `src`, `dst`, `target` and their kin, told apart by their spelling alone.

Whether a selector may stand where it stands, and whether what it names exists, is not asked here.
"""

from __future__ import annotations

from typing import Literal

from aclc.net import Prefix, parse_prefix, parse_range
from aclc.records import NamedTuple

Kind = Literal[
    "any",  # *
    "prefix",  # an IP address or CIDR
    "range",  # a-b: only ipsets take it
    "group",  # group:eng
    "tag",  # tag:web
    "autogroup",  # autogroup:member
    "ipset",  # ipset:prod
    "service",  # svc:db
    "host",  # an alias from `hosts`
    "host-prefixed",  # host:office: only ipsets take it
    "posture",  # posture:latest
    "domain-users",  # user:*@example.com
    "localpart",  # localpart:*@example.com: only ssh users take it
    "user",  # alice@example.com
    "invalid",  # not a string in the file; reported when it was read
]


class Selector(NamedTuple):
    """One selector.

    `text`: as written, white space around it gone. `name`: the key to look it up by: the full `group:eng` or
    `tag:web`, the login, the alias (without `host:`), the domain of `user:*@D` and `localpart:*@D`. `prefix`: set for
    kind `prefix` only, host bits dropped.
    """

    kind: Kind
    text: str
    name: str
    prefix: Prefix | None = None

    def __str__(self) -> str:
        return self.text


INVALID = Selector("invalid", "", "")
"""Stands for an item that is not a string, so that the positions of its neighbours stay true."""

_BY_PREFIX: dict[str, Kind] = {
    "group": "group",
    "tag": "tag",
    "autogroup": "autogroup",
    "ipset": "ipset",
    "svc": "service",
    "posture": "posture",
}

# Roles are legal wherever `autogroup:member` is; the value is the role as tailnet files spell it.
ROLE_AUTOGROUPS = {
    "autogroup:admin": "admin",
    "autogroup:owner": "owner",
    "autogroup:it-admin": "it-admin",
    "autogroup:network-admin": "network-admin",
    "autogroup:billing-admin": "billing-admin",
    "autogroup:auditor": "auditor",
}

_seen: dict[str, Selector] = {}


def parse_selector(text: str) -> Selector:
    """Give the selector that `text` spells; never fails: what looks like nothing else is a host alias.

    `autogroup:members` keeps its text but has the name `autogroup:member`. Equal texts give the same object.
    Order of recognition: reference §3.1.
    """
    found = _seen.get(text)
    if found is None:
        found = _seen[text] = _recognise(text.strip(" \t\r\n"))
    return found


def _recognise(text: str) -> Selector:
    if text == "*":
        return Selector("any", text, text)
    head, colon, rest = text.partition(":")
    if colon and head in _BY_PREFIX:
        return Selector(_BY_PREFIX[head], text, "autogroup:member" if text == "autogroup:members" else text)
    prefix = parse_prefix(text)
    if prefix is not None:
        return Selector("prefix", text, str(prefix), prefix)
    if parse_range(text) is not None:
        return Selector("range", text, text)
    if colon and head == "host":
        return Selector("host-prefixed", text, rest)
    if colon and head == "user" and rest.startswith("*@"):
        return Selector("domain-users", text, rest[2:])
    if colon and head == "localpart" and rest.startswith("*@"):
        return Selector("localpart", text, rest[2:])
    if "@" in text:
        return Selector("user", text, text)
    return Selector("host", text, text)


def is_template(text: str) -> bool:
    """Tell whether a template engine has yet to fill in part of the text, so that nothing can be said of it."""
    return "${" in text or "{{" in text or "%{" in text
