"""Acls as grants: the same access in the newer form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Value = dict[str, Any]


def acls_as_grants(value: Mapping[str, Any]) -> Value:
    """Give a policy's value with every acl that can be said as grants turned into grants, after those that are there.

    An acl whose destinations have several ports becomes one grant for each distinct list of ports. What has no exact
    form as a grant (an action other than accept, `*` as a source beside autogroup:self) stays an acl.
    """
    kept: list[Any] = []
    made: list[Value] = []
    for acl in value.get("acls") or ():
        grants = _grants(acl)
        if grants is None:
            kept.append(acl)
        else:
            made += grants
    changed: Value = {}
    for key, part in value.items():
        if key == "acls":
            if "grants" not in value:
                changed["grants"] = made
            if kept:
                changed["acls"] = kept
        elif key == "grants":
            changed["grants"] = [*(part or ()), *made]
        else:
            changed[key] = part
    return changed


def _grants(acl: Any) -> list[Value] | None:
    known = {"action", "src", "dst", "proto", "srcPosture"}
    if not isinstance(acl, dict) or acl.keys() - known or acl.get("action") != "accept":
        return None
    sources, targets = acl.get("src"), acl.get("dst")
    if not isinstance(sources, list) or not isinstance(targets, list):
        return None
    by_ports: dict[str, list[str]] = {}
    for target in targets:
        host, colon, ports = str(target).rpartition(":")
        if not colon or (host == "autogroup:self" and "*" in sources) or host.endswith("/0"):
            return None
        by_ports.setdefault(ports, []).append(
            host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
        )
    proto = str(acl.get("proto") or "")
    rest = {"srcPosture": acl["srcPosture"]} if "srcPosture" in acl else {}
    return [
        {
            "src": sources,
            "dst": hosts,
            "ip": [f"{proto}:{port}" if proto else port for port in ports.split(",")],
            **rest,
        }
        for ports, hosts in by_ports.items()
    ]
