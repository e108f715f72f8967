"""The tailnet: users and nodes as facts, frozen. Change one with `_replace`; docs/decisions/0001 says why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from aclc.net import Address, Prefix
from aclc.records import NamedTuple
from aclc.source import Place

Role = Literal["owner", "admin", "it-admin", "network-admin", "billing-admin", "auditor", "member"]


class User(NamedTuple):
    """A person. Users stand in creation order, which SSH rules with `localpart:` depend on (reference §6.3).

    `names`: what else Headscale knows them by, such as the user name beside the e-mail address.
    """

    login: str
    role: Role = "member"
    place: Place | None = None
    names: tuple[str, ...] = ()


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Node(NamedTuple):
    """A machine.

    `user` is None for a tagged node. `addresses`: IPv4 first. `approved_routes` is None where the file does not say:
    `resolve` then computes it from the policy's autoApprovers. `created`: nanoseconds since 1970, None where unknown.
    `posture`: attribute → value, as in posture conditions. `shared`: shared into this tailnet by somebody outside.
    `service`: set where this is no machine but the addresses of a service (`svc:web`), which send nothing; files have
    no such nodes, questions make them. `by_name_only`: such a service of which `*` as a destination does not speak.
    `extra`: facts that one backend needs, by its name.
    """

    name: str
    addresses: tuple[Address, ...]
    id: str = ""
    created: int | None = None
    user: str | None = None
    tags: tuple[str, ...] = ()
    advertised_routes: tuple[Prefix, ...] = ()
    approved_routes: tuple[Prefix, ...] | None = None
    online: bool = True
    posture: Mapping[str, str | bool | int | float] = _NOTHING
    shared: bool = False
    extra: Mapping[str, Any] = _NOTHING
    place: Place | None = None
    service: str | None = None
    by_name_only: bool = False


class Tailnet(NamedTuple):
    """Everything known of one tailnet.

    `domains`: the domains that belong to it, in file order; `user:*@D` and `localpart:*@D` take no others; empty: not
    known, so every domain is taken. Names and addresses of nodes are unique. A tailnet made by hand may have nodes
    whose user is not in `users`; such a user has the role member.
    """

    name: str
    domains: tuple[str, ...]
    users: tuple[User, ...]
    nodes: tuple[Node, ...]
