"""Packet filters as the control plane writes them: `SrcIPs`, `IPProto`, `DstPorts`, `CapGrant`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aclc.filters.model import FilterRule
from aclc.filters.sources import SourceTexts
from aclc.net import DEFAULT_PROTOCOLS
from aclc.policy.model import Json


def packet_filter_json(rules: Iterable[FilterRule], texts: SourceTexts) -> list[dict[str, Any]]:
    """Give a packet filter as plain values, keys and entries in the control plane's order."""
    return [_rule_json(rule, texts) for rule in rules]


def _rule_json(rule: FilterRule, texts: SourceTexts) -> dict[str, Any]:
    written: dict[str, Any] = {"SrcIPs": texts.write(rule.sources)}
    if rule.cap_grants:
        written["CapGrant"] = [
            {"Dsts": [prefix.cidr for prefix in grant.destinations], "CapMap": dict(grant.capabilities)}
            for grant in rule.cap_grants
        ]
        return written
    if rule.protocols != DEFAULT_PROTOCOLS:
        written["IPProto"] = list(rule.protocols)
    written["DstPorts"] = [
        {
            "IP": str(opening.block),
            "Ports": {"First": opening.ports.first, "Last": opening.ports.last},
        }
        for opening in rule.openings
    ]
    return written


def compact(value: Json) -> str:
    """Give a value as JSON without blanks, in ASCII."""
    return json.dumps(value, separators=(",", ":"))
