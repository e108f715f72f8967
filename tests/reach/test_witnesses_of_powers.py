"""What a difference says of SSH and app capabilities for every tailnet is so on a tailnet made of its two devices.

It is written to a file, loaded, compiled, and read as the client reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from hypothesis import given, settings

from aclc.compile import Compiled, compile_policy
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.sources import SourceTexts
from aclc.filters.ssh import ssh_rules_json
from aclc.policy.model import Policy
from aclc.reach.powers.powers import capability_changes
from aclc.reach.powers.ssh import ANY_OTHER, OWN_NAME, SshChange, ssh_changes
from aclc.reach.words.setting import setting
from aclc.resolve.node_sets import indices_of
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Node, Tailnet
from aclc.tailnet.write import tailnet_json
from tests.properties.oracle import address, span, within
from tests.properties.strategies import Json, of_worlds, policies
from tests.reach.changing import policy_pairs
from tests.reach.engine import policy_of

few = settings(of_worlds, max_examples=max(of_worlds.max_examples // 3, 10))
MOST = 3
"""Pairs of devices that are tried for one change."""


def made_of(tailnet: Tailnet, ends: Sequence[int]) -> Tailnet:
    """Give a tailnet of some devices, by way of a file."""
    nodes = [tailnet.nodes[each]._replace(name=f"n{each}") for each in dict.fromkeys(ends)]
    users = tuple(user for user in tailnet.users if any(user.login == node.user and not node.shared for node in nodes))
    text = tailnet_json(tailnet._replace(name="t", nodes=tuple(nodes), users=users))
    loaded = load_tailnet(Source("t.json", text))
    assert loaded.value is not None
    assert not loaded.failed, loaded.diagnostics
    return loaded.value


def are_two(one: Node, other: Node) -> bool:
    """Tell whether two devices can be there at once: those of a population with one address are alternatives."""
    return not {*one.addresses} & {*other.addresses}


def compiled(policy: Policy, tailnet: Tailnet) -> Compiled:
    found = compile_policy(policy, tailnet).value
    assert found is not None
    return found


def session(policy: Policy, tailnet: Tailnet, login: str) -> str:
    """Give what the first node decides about a session that the last one opens: the first rule that fits counts."""
    sources = {str(each) for each in tailnet.nodes[-1].addresses}
    rules = ssh_rules_json(compiled(policy, tailnet).ssh_rules(0))
    for rule in rules:
        users = rule["sshUsers"]
        if sources & {each["nodeIP"] for each in rule["principals"]} and users.get(login, users.get("*", "")):
            return "accept" if rule["action"].get("accept") else "check"
    return "refused"


def pairs(change: SshChange, tailnet: Tailnet) -> Iterator[tuple[int, int]]:
    """Give some pairs of devices that a change speaks of."""
    nodes = tailnet.nodes
    found = 0
    for source, target in product(indices_of(change.sources), indices_of(change.targets)):
        owners = [None if node.tags or node.shared else node.user for node in (nodes[source], nodes[target])]
        is_own = owners[0] is not None and owners[0] == owners[1]
        if are_two(nodes[source], nodes[target]) and change.scope in {"any", "own" if is_own else "others"}:
            yield source, target
            found += 1
            if found == MOST:
                return


def spelled(login: str, source: Node) -> str:
    if login == OWN_NAME:
        return (source.user or "").partition("@")[0]
    return "anybody-else" if login == ANY_OTHER else login


@few
@given(old=policies(), new=policies())
def test_sessions_that_change_do_so_on_a_tailnet_of_the_two(old: Json, new: Json) -> None:
    before, after = policy_of(old), policy_of({**old, "ssh": new.get("ssh")})
    ground = setting((before, after), None)
    views = ground.space((before, after)).views
    for change in ssh_changes(*(view.resolved for view in views)):
        for source, target in pairs(change, ground.tailnet):
            there = made_of(ground.tailnet, [target, source])
            login = spelled(change.logins[0], ground.tailnet.nodes[source])
            was, now = session(before, there, login), session(after, there, login)
            expected = {
                "gained": ("refused", change.mode),
                "lost": (change.mode, "refused"),
                "unchecked": ("check", "accept"),
                "checked": ("accept", "check"),
            }.get(change.kind, (change.mode, change.mode))  # on other terms
            assert expected == (was, now), (change.kind, login, source, target)


def capabilities(policy: Policy, tailnet: Tailnet, source: str, target: str) -> list[Any]:
    """Give the capabilities that the first node grants to a visitor, each with its parameters."""
    found = compiled(policy, tailnet)
    rules = packet_filter_json(found.packet_filter(0).rules, SourceTexts(found.resolved.names))
    return [
        (name, values)
        for rule in rules
        if any(each == "*" or within(address(source), span(each)) for each in rule["SrcIPs"])
        for grant in rule.get("CapGrant", ())
        if any(within(address(target), span(each)) for each in grant["Dsts"])
        for name, values in grant["CapMap"].items()
    ]


@few
@given(pair=policy_pairs())
def test_capabilities_that_change_do_so_on_a_tailnet_of_the_two(pair: tuple[Json, Json]) -> None:
    old, new = policy_of(pair[0]), policy_of(pair[1])
    ground = setting((old, new), None)
    space = ground.space((old, new))
    for change in capability_changes(*space.views):
        own = product(indices_of(change.sources & space.sources.own), indices_of(change.targets & space.targets.own))
        tried = 0
        for at, to in own:
            one, other = space.sources.items[at], space.targets.items[to]
            if one.family != other.family or one.node is None or other.node is None:
                continue
            if not are_two(ground.tailnet.nodes[one.node], ground.tailnet.nodes[other.node]):
                continue
            there = made_of(ground.tailnet, [other.node, one.node])
            ends = [
                next(str(each) for each in node.addresses if each.family == one.family)
                for node in (there.nodes[-1], there.nodes[0])
            ]
            has = [
                any(
                    name == change.name and (not change.value or change.value in [_canonical(each) for each in values])
                    for name, values in capabilities(policy, there, *ends)
                )
                for policy in (old, new)
            ]
            assert [not change.gained, change.gained] == has, (change, ends)
            tried += 1
            if tried == MOST:
                break


def _canonical(value: Json) -> str:
    return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)
