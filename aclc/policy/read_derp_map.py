"""Look at the form of `derpMap`: the relay servers of a tailnet. Its content is passed through as it is."""

from __future__ import annotations

import re
from typing import Any

from aclc.diagnostics import Code, Severity, shown
from aclc.policy.fields import Fields
from aclc.source import Path, Place

DERP_MAP = Code("VAL035", "derpmap-shape", Severity.ERROR)

_REGION_ID = r"-?[0-9]{1,18}\Z"


def check_derp_map(fields: Fields, value: dict[str, Any], root: str) -> None:
    """Report what is wrong with the form of a derp map; `null` as a region is right: it removes the default one."""
    members = fields.members(value, "derpMap", (root,))
    regions = members.values.get("regions", {})
    key = members.written.get("regions", "regions")
    for name, region in regions.items():
        path = (root, key, name)
        if not re.match(_REGION_ID, name):
            fields.found.append(
                DERP_MAP.at(
                    fields.document.key_span(path),
                    f"key {shown(name)} of a derp region is not a number",
                    help="regions are keyed by their number; those of your own begin at 900",
                )
            )
        if type(region) is dict:
            _check_region(fields, name, region, path)
        elif region is not None:
            fields.wrong_type(region, f"derp region {shown(name)}", "an object", path)


def _check_region(fields: Fields, name: str, region: dict[str, Any], path: Path) -> None:
    members = fields.members(region, "derpRegion", path)
    _check_number(fields, name, members.values.get("regionID"), (*path, "regionID"))
    key = members.written.get("nodes", "nodes")
    for index, node in fields.objects(members.values.get("nodes", ()), (*path, key), "derpNode"):
        values = fields.members(node, "derpNode", (*path, key, index)).values
        _check_number(fields, name, values.get("regionID"), (*path, key, index, "regionID"))


def _check_number(fields: Fields, name: str, number: Any, path: Path) -> None:
    """Warn of a region number that is not the key it stands under."""
    if number is None or not re.match(_REGION_ID, name) or number == int(name):
        return
    fields.found.append(
        DERP_MAP.at(
            Place(fields.document, path),
            f"region number differs from its key {shown(name)}",
            help=f"write {int(name)}",
            severity=Severity.WARNING,
        )
    )
