"""One policy, said in other words that mean the same: rules in another order, groups and hosts written out, acls as
grants, lists split over several rules."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Json = Any

Refactoring = Callable[[Json, random.Random], Json]

NEW_GROUP = "group:extracted"


def rules_permuted(policy: Json, chooser: random.Random) -> Json:
    """Give the grants, acls and ssh rules in another order, some of them twice. Order among `ssh` rules of one action
    means nothing either."""
    changed = dict(policy)
    for key in ("grants", "acls", "ssh"):
        rules = list(policy.get(key) or ())
        if rules:
            rules.append(chooser.choice(rules))
            chooser.shuffle(rules)
            changed[key] = rules
    return changed


def groups_inlined(policy: Json, chooser: random.Random) -> Json:
    """Write the members of one group in its place, wherever it stands; the group is gone."""
    groups = dict(policy["groups"])
    name = chooser.choice(sorted(groups))
    members = groups.pop(name)

    def written_out(items: list[str]) -> list[str]:
        return list(dict.fromkeys(each for item in items for each in (members if item == name else [item])))

    return {**_selectors(policy, written_out, lambda host: members if host == name else [host]), "groups": groups}


def groups_extracted(policy: Json, chooser: random.Random) -> Json:
    """Make a group of the people whom one rule names one by one."""
    changed = {**policy, "grants": list(policy.get("grants") or ()) if policy.get("grants") is not None else None}
    rules = [each for key in ("grants", "acls", "ssh") for each in changed.get(key) or ()]
    named = [rule for rule in rules if sum("@" in each and ":" not in each for each in rule["src"]) > 1]
    if not named:
        return policy
    rule = chooser.choice(named)
    people = [each for each in rule["src"] if "@" in each and ":" not in each]
    others = [each for each in rule["src"] if each not in people]
    extracted = {**rule, "src": [*others, NEW_GROUP]}
    lists = {
        key: [extracted if each is rule else each for each in changed[key]]
        for key in ("grants", "acls", "ssh")
        if changed.get(key) is not None
    }
    kept = {key: value for key, value in policy.items() if key not in lists}
    return {**kept, **lists, "groups": {**policy["groups"], NEW_GROUP: people}}


def hosts_inlined(policy: Json, chooser: random.Random) -> Json:
    """Write addresses in the place of every alias."""
    del chooser
    hosts = policy["hosts"]

    def written_out(items: list[str]) -> list[str]:
        return [hosts.get(item, item) for item in items]

    def destination(host: str) -> list[str]:
        text = hosts.get(host, host)
        return [f"[{text}]" if ":" in text and host in hosts and "/" not in text else text]

    changed = _selectors(policy, written_out, destination)
    changed["ipsets"] = {
        name: [_without_alias(step, hosts) for step in steps] for name, steps in (policy.get("ipsets") or {}).items()
    }
    return {**changed, "hosts": {}}


def _without_alias(step: str, hosts: Json) -> str:
    verb, _, target = step.partition(" ")
    return f"{verb} {hosts[target.removeprefix('host:')]}" if target.startswith("host:") else step


def acls_as_grants(policy: Json, chooser: random.Random) -> Json:
    """Write each acl as grants, one for each destination; those that mean own devices by `*` stay acls, since grants
    cannot say it."""
    if policy.get("acls") is None:
        return policy
    kept, grants = [], list(policy.get("grants") or ())
    for acl in policy["acls"]:
        if "*" in acl["src"] and any(item.startswith("autogroup:self:") for item in acl["dst"]):
            kept.append(acl)
            continue
        for item in acl["dst"]:
            host, _, ports = item.rpartition(":")
            head = f"{acl['proto']}:" if acl.get("proto") else ""
            grant = {"src": acl["src"], "dst": [host.strip("[]")], "ip": [head + each for each in ports.split(",")]}
            if "srcPosture" in acl:
                grant["srcPosture"] = acl["srcPosture"]
            grants.insert(chooser.randint(0, len(grants)), grant)
    return {**policy, "acls": kept, "grants": grants}


def lists_split(policy: Json, chooser: random.Random) -> Json:
    """Write one rule for each source, destination or service of a rule, and what it says of applications apart."""
    changed = dict(policy)
    if policy.get("grants") is not None:
        changed["grants"] = [part for grant in policy["grants"] for part in _split_grant(grant, chooser)]
    if policy.get("acls") is not None:
        changed["acls"] = [part for acl in policy["acls"] for part in _split(acl, chooser.choice(["src", "dst"]))]
    return changed


def _split_grant(grant: Json, chooser: random.Random) -> list[Json]:
    parts = [grant]
    if grant.get("app") and grant.get("ip"):
        parts = [{key: value for key, value in grant.items() if key != left_out} for left_out in ("app", "ip")]
    return [
        piece
        for part in parts
        for piece in _split(part, chooser.choice(["src", "dst", "ip"] if part.get("ip") else ["src", "dst"]))
    ]


def _split(rule: Json, key: str) -> list[Json]:
    return [{**rule, key: [item]} for item in rule[key]] or [rule]


def ports_split(policy: Json, chooser: random.Random) -> Json:
    """Cut a range of ports in two, and write two ranges that touch as one."""
    del chooser
    changed = dict(policy)
    if policy.get("grants") is not None:
        changed["grants"] = [
            {**grant, "ip": [each for item in grant["ip"] for each in _cut(item)]} if grant.get("ip") else grant
            for grant in policy["grants"]
        ]
    if policy.get("acls") is not None:
        changed["acls"] = [{**acl, "dst": [_cut_ports(item) for item in acl["dst"]]} for acl in policy["acls"]]
    return changed


def _cut(item: str) -> list[str]:
    """Cut `tcp:80-90` into `tcp:80`, `tcp:81-90`; protocols without ports are left as they are."""
    head, colon, ports = item.rpartition(":")
    first, dash, last = ports.partition("-")
    if not dash or int(first) >= int(last):
        return [item]
    return [f"{head}{colon}{first}", f"{head}{colon}{int(first) + 1}-{last}"]


def _cut_ports(item: str) -> str:
    host, _, ports = item.rpartition(":")
    return f"{host}:{','.join(piece for each in ports.split(',') for piece in _cut(each))}"


def _selectors(
    policy: Json, items: Callable[[list[str]], list[str]], destination: Callable[[str], list[str]]
) -> dict[str, Json]:
    """Give a policy with its lists of selectors changed; `destination` changes the host in an acl's `dst`."""
    changed = dict(policy)
    for key, fields in (("grants", ("src", "dst")), ("ssh", ("src", "dst")), ("nodeAttrs", ("target",))):
        if policy.get(key) is not None:
            changed[key] = [{**rule, **{name: items(rule[name]) for name in fields}} for rule in policy[key]]
    if policy.get("acls") is not None:
        changed["acls"] = [
            {
                **acl,
                "src": items(acl["src"]),
                "dst": [
                    f"{each}:{item.rpartition(':')[2]}"
                    for item in acl["dst"]
                    for each in destination(item.rpartition(":")[0])
                ],
            }
            for acl in policy["acls"]
        ]
    approvers = policy.get("autoApprovers")
    if approvers is not None:
        changed["autoApprovers"] = {
            "routes": {key: items(each) for key, each in (approvers.get("routes") or {}).items()},
            "exitNode": items(approvers.get("exitNode") or []),
        }
    changed["tagOwners"] = {tag: items(owners) for tag, owners in policy["tagOwners"].items()}
    return changed


REFACTORINGS: tuple[Refactoring, ...] = (
    rules_permuted,
    groups_inlined,
    groups_extracted,
    hosts_inlined,
    acls_as_grants,
    lists_split,
    ports_split,
)
