"""What two policies say otherwise beside rules, definitions of names and tests: options of the network, relay servers,
addresses to give out, and what postures and their attributes are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from aclc.policy.model import Json, Policy
from aclc.reach.difference.causes import Cause, cause_at, rules_of
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures
from aclc.source import Path, Place

MISSING = ""
"""What stands for a value that is not there; no JSON is empty."""


SET_BY_NODES = "allowSetByNode"


class SettingRow(NamedTuple):
    """Something is set otherwise than before.

    `name`: its key in the policy, with the way to it (`derpMap.regions.900.nodes[0].hostName`). `before`, `after`: the
    values as canonical JSON; empty: there is none. `cause`: where they stand. `loosens`: a guard that a rule relies on
    is now in the hands of the machine that it guards against.
    """

    name: str
    before: str
    after: str
    cause: Cause
    loosens: bool = False


def setting_rows(old: Policy, new: Policy) -> tuple[SettingRow, ...]:
    """Give what is set otherwise, in the order of `_settings`. Empty: nothing but what the other rows compare.

    A value that is spelled out where the default is the same is no change.
    """
    before, after = _settings(old), _settings(new)
    relied_on = _attributes_relied_on(new)
    found = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        for path, earlier, later in _differences((), was.value if was else None, now.value if now else None):
            loosens = name in relied_on and _set_by_nodes(now) and not _set_by_nodes(was)
            found.append(
                SettingRow(
                    name + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path),
                    _text(earlier),
                    _text(later),
                    cause_at(_place(was, path), _place(now, path)),
                    loosens and path in {(), (SET_BY_NODES,)},
                )
            )
    return tuple(found)


class _Setting(NamedTuple):
    """A value, None where there is none, and where it is written, None where it is the default."""

    value: Json
    place: Place | None


_ATTRIBUTE = "attrConfig."


def _settings(policy: Policy) -> dict[str, _Setting]:
    """Give everything that is compared, by name."""
    sections = policy.sections
    found = {
        key: _Setting(value, policy.place.at(key) if key in sections else None)
        for key, value in (
            ("disableIPv4", policy.disable_ipv4),
            ("OneCGNATRoute", policy.one_cgnat_route or None),
            ("randomizeClientPort", policy.randomize_client_port),
            ("derpMap", policy.derp_map),
            ("defaultSrcPosture", sorted(set(policy.default_src_posture)) or None),
        )
    }
    for name, posture in policy.postures.items():
        found[f"postures.{name}"] = _Setting(sorted({each.text for each in posture.conditions}), posture.place)
    for name, attribute in policy.attr_config.items():
        value = {
            "type": attribute.type,
            SET_BY_NODES: attribute.allow_set_by_node,
            "broadcastToPeers": sorted({each.text for each in attribute.broadcast_to_peers}),
        }
        found[f"{_ATTRIBUTE}{name}"] = _Setting(value, attribute.place)
    pools: dict[str, tuple[set[str], Place]] = {}
    for entry in policy.node_attrs:
        for target in entry.target if entry.ip_pool else ():
            pools.setdefault(target.text, (set(), entry.place))[0].update(entry.ip_pool)
    for text, (pool, place) in pools.items():
        found[f"ipPool of {text}"] = _Setting(sorted(pool), place)
    known = {key.casefold() for key in policy.dialect.shapes["policy"].keys}
    for key, value in sections.items():
        if key.casefold() not in known:
            found[key] = _Setting(value, policy.place.at(key))
    return found


def _set_by_nodes(attribute: _Setting | None) -> bool:
    return attribute is not None and bool(attribute.value[SET_BY_NODES])


def _place(setting: _Setting | None, path: Path) -> Place | None:
    return None if setting is None or setting.place is None else setting.place.at(*path)


def _attributes_relied_on(policy: Policy) -> frozenset[str]:
    """Give the settings of attributes that some rule asks the connecting device for."""
    asked = {name for rule in rules_of(policy) for name in effective_postures(policy, rule.src_posture)}
    return frozenset(
        f"{_ATTRIBUTE}{condition.attribute}"
        for name in asked
        for condition in (policy.postures[name].conditions if name in policy.postures else ())
    )


def _differences(path: Path, was: Json, now: Json) -> Iterator[tuple[Path, Json, Json]]:
    """Give where two values differ: (path, before, after), as deep as both are objects, or lists of as many."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*was, *now)):
            yield from _differences((*path, key), was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now) and _are_objects([*was, *now]):
        for number, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differences((*path, number), one, other)
    elif _text(was) != _text(now):
        yield path, was, now


def _are_objects(values: list[Json]) -> bool:
    return all(isinstance(each, Mapping) for each in values)


def _text(value: Json) -> str:
    return MISSING if value is None else json.dumps(value, sort_keys=True)
