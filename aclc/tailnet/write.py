"""A tailnet as text in aclc's own schema."""

from __future__ import annotations

import json
from typing import Any

from aclc.tailnet.model import Node, Tailnet, User
from aclc.tailnet.times import time_text


def tailnet_json(tailnet: Tailnet) -> str:
    """Give the tailnet file (JSON, schema 1) that loads as this tailnet: a line per user and node.

    What has its default value is left out. `approved_routes` is left out only where it is not known.
    """
    lines = [
        f'{{"schema_version": 1, "tailnet": {_json(tailnet.name)}, "domains": {_json(list(tailnet.domains))},',
        *_list("users", [_json(_user(user)) for user in tailnet.users], ","),
        *_list("nodes", [_json(_node(node)) for node in tailnet.nodes], "}"),
    ]
    return "\n".join(lines) + "\n"


def _list(name: str, items: list[str], end: str) -> list[str]:
    if not items:
        return [f' "{name}": []{end}']
    return [f' "{name}": [', *(f"  {item}," for item in items[:-1]), f"  {items[-1]}", f" ]{end}"]


def _user(user: User) -> dict[str, Any]:
    fields: dict[str, Any] = {"login": user.login, "role": user.role}
    if user.names:
        fields["names"] = list(user.names)
    return fields


def _node(node: Node) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": node.name}
    if node.id:
        fields["id"] = node.id
    if node.created is not None:
        fields["created"] = time_text(node.created)
    if node.user is not None:
        fields["user"] = node.user
    if node.tags:
        fields["tags"] = list(node.tags)
    fields["addresses"] = [str(address) for address in node.addresses]
    if node.advertised_routes or node.approved_routes is not None:
        fields["advertised_routes"] = [route.cidr for route in node.advertised_routes]
    if node.approved_routes is not None:
        fields["approved_routes"] = [route.cidr for route in node.approved_routes]
    if not node.online:
        fields["online"] = False
    if node.posture:
        fields["posture"] = dict(node.posture)
    if node.shared:
        fields["shared"] = True
    if node.extra:
        fields["extra"] = dict(node.extra)
    return fields


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
