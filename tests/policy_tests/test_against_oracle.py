"""Tests of a policy mean what the policy means: compared with the naive reference semantics, on generated worlds."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.diagnostics import Diagnostic
from aclc.filters.ssh import SshFilterRule, SshFilters
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.policy_tests.run import run_tests
from aclc.resolve.resolution import resolve
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Node, Tailnet
from tests.properties.oracle import World, may_pass
from tests.properties.strategies import TAGS, USERS, acls, ssh_rules, worlds

PORTS = (22, 80, 443, 8080)
LOGINS = ("root", "ubuntu", "alice")
WORDS = {"TST004": "fails", "TST016": "undecided"}


def plain(world: World, **more: Any) -> World:
    """Give the world without what a test does not see: the postures of devices, and addresses taken away."""
    unseen = {"defaultSrcPosture", "nodeAttrs", "disableIPv4"}
    policy = {key: value for key, value in {**world.policy, **more}.items() if key not in unseen}
    for key in ("grants", "acls", "ssh"):
        if policy.get(key) is not None:
            policy[key] = [
                {name: value for name, value in rule.items() if name != "srcPosture"} for rule in policy[key]
            ]
    return world._replace(policy=policy)


def loaded(world: World, **tests: Any) -> tuple[Policy, Tailnet]:
    """Give the policy with tests in it, and the tailnet."""
    policy = read_policy(Source("policy.hujson", json.dumps({**world.policy, **tests}))).value
    tailnet = load_tailnet(Source("tailnet.json", json.dumps(world.tailnet))).value
    assert policy is not None
    assert tailnet is not None
    return policy, tailnet


def parties(world: World) -> dict[str, list[Any]]:
    """Give users and tags that have devices; those shared into the tailnet answer to their own."""
    found = {
        name: [
            node
            for node in world.tailnet["nodes"]
            if not node.get("shared")
            and (name in (node.get("tags") or ()) or (node.get("user") == name and not node.get("tags")))
        ]
        for name in (*USERS, *TAGS)
    }
    return {name: nodes for name, nodes in found.items() if nodes}


def verdicts(found: tuple[Diagnostic, ...], policy: Policy) -> dict[tuple[int, str], str]:
    """Give the verdict on each test and wish that does not hold, by the place of the finding."""
    places: dict[tuple[int, int], tuple[int, str]] = {}
    for index, place in enumerate([test.place for test in policy.tests] or [test.place for test in policy.ssh_tests]):
        for wish in ("accept", "check", "deny"):
            span = place.at(wish, 0).span
            places.setdefault((span.start, span.end), (index, wish))
    return {places[each.span.start, each.span.end]: WORDS[each.code.id] for each in found}


@settings(max_examples=25)
@given(world=worlds(), rules=st.lists(acls(), min_size=2, max_size=5), port=st.sampled_from(PORTS))
def test_the_verdict_on_devices_is_the_meaning_of_the_policy(world: World, rules: list[Any], port: int) -> None:
    """Accepted where all devices of the source reach all of the destination, denied where none reaches any."""
    world = plain(world._replace(policy={**world.policy, "acls": [*(world.policy.get("acls") or ()), *rules]}))
    asked = list(product(parties(world).items(), repeat=2))
    tests = [
        {"src": source, "accept": [f"{target}:{port}"], "deny": [f"{target}:{port}"]}
        for (source, _), (target, _) in asked
    ]
    policy, tailnet = loaded(world, tests=tests)
    found = verdicts(run_tests(policy, tailnet), policy)
    passing = {
        (here["name"], there["name"]): any(
            may_pass(world.policy, world.tailnet, s, d, protocol, port, there["name"])
            for s, d, protocol in product(here["addresses"], there["addresses"], (6, 17))
        )
        for here, there in product(world.tailnet["nodes"], repeat=2)
    }
    for index, ((source, sources), (target, targets)) in enumerate(asked):
        reached = {passing[here["name"], there["name"]] for here, there in product(sources, targets)}
        expected = (None if reached == {True} else "fails", None if reached == {False} else "fails")
        assert expected == (found.get((index, "accept")), found.get((index, "deny"))), (source, target)


def gets_in(rules: tuple[SshFilterRule, ...], source: Node, login: str) -> str | None:
    """Give the action of the first rule that lets a source in, as the client looks it up (reference §6.4)."""
    for rule in rules:
        users = dict(rule.users)
        if set(rule.principals) & set(source.addresses) and users.get(login, users.get("*", "")):
            return rule.action
    return None


@settings(max_examples=40)
@given(world=worlds(), rules=st.lists(ssh_rules(), min_size=1, max_size=4), login=st.sampled_from(LOGINS))
def test_the_verdict_on_sessions_is_that_of_the_compiled_rules(world: World, rules: list[Any], login: str) -> None:
    """Unless it is not known, as for `localpart:` and one's own devices, and for `accept` where a rule checks."""
    world = plain(world, ssh=rules)
    asked = list(product(parties(world).items(), repeat=2))
    tests = [
        {"src": source, "dst": [target], "accept": [login], "check": [login], "deny": [login]}
        for (source, _), (target, _) in asked
    ]
    policy, tailnet = loaded(world, sshTests=tests)
    resolved = resolve(policy, tailnet).value
    assert resolved is not None
    filters = SshFilters(resolved)
    found = verdicts(run_tests(policy, tailnet), policy)
    by_name = {node.name: (node, filters.rules_of(at)) for at, node in enumerate(tailnet.nodes)}
    for index, ((source, sources), (target, targets)) in enumerate(asked):
        actions = {
            gets_in(by_name[there["name"]][1], by_name[here["name"]][0], login)
            for here, there in product(sources, targets)
        }
        for wish, holds in (("accept", {"accept"}), ("check", {"check"}), ("deny", {None})):
            said = found.get((index, wish))
            if said != "undecided":
                assert (None if actions == holds else "fails") == said, (source, target, wish)
            elif wish == "deny":
                assert any("localpart" in user for rule in rules for user in rule["users"])
