"""A tailnet on which a given policy has something to do: nodes for every user, tag and route that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

Json = Any

_LOGIN = re.compile(r"[^\s:*@\"]+@[^\s:*@\"]+\Z")
_TAG = re.compile(r"tag:[A-Za-z][A-Za-z0-9-]*")
_DOMAIN = re.compile(r"(?:user|localpart):\*@(\S+)\Z")


def tailnet_for(policy: Json) -> str:
    """Give the text of a tailnet file for a policy (plain JSON values).

    Two devices for every login, one node for every tag; the first of these serves every prefix that the policy names,
    the last one is an exit node. No node has two tags: a policy's own tests would rightly fail on it.
    """
    texts = list(dict.fromkeys(_texts(policy)))
    logins = [each for each in texts if _LOGIN.match(each)]
    tags = list(dict.fromkeys(tag for each in texts for tag in _TAG.findall(each)))
    domains = [match[1] for each in texts if (match := _DOMAIN.match(each))] + [each.split("@")[1] for each in logins]
    nodes: list[dict[str, Json]] = [{"user": login} for login in logins for _ in range(2)]
    nodes += [{"tags": [tag]} for tag in tags]
    nodes = nodes or [{"user": "somebody@example.com"}]
    routers = [node for node in nodes if "tags" in node] or nodes
    routers[0]["advertised_routes"] = list(dict.fromkeys(_routes(texts)))
    routers[-1].setdefault("advertised_routes", []).extend(["0.0.0.0/0", "::/0"])
    routers[-1]["approved_routes"] = routers[-1]["advertised_routes"]
    for number, node in enumerate(nodes, 1):
        node["name"] = f"n{number}"
        node["addresses"] = [f"100.64.{number >> 8}.{number & 255}", f"fd7a:115c:a1e0::{number:x}"]
    users = [{"login": login, "role": "member" if number else "owner"} for number, login in enumerate(logins)]
    return json.dumps(
        {
            "schema_version": 1,
            "tailnet": "example.com",
            "domains": list(dict.fromkeys(domains)),
            "users": users,
            "nodes": nodes,
        }
    )


def _texts(value: Json) -> Iterator[str]:
    """Give every string in a value, keys too, without the ports at its end."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _routes(texts: list[str]) -> Iterator[str]:
    for each in texts:
        text = re.sub(r":[\d*,-]+\Z", "", each) if "/" in each else ""
        try:
            net = ip_network(text, strict=False)
        except ValueError:
            continue
        if net.prefixlen:
            yield str(net)
