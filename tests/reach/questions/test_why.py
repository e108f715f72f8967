"""`why` answers what the reference semantics says, on the routers that are offered; and what it advises helps."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.cli.asking import Question, ask, proven_remedies
from aclc.policy.model import Policy
from aclc.reach.graph.compare import changes
from aclc.reach.population.principals import UnknownPrincipalError, principal
from aclc.reach.questions.remedies import Remedy
from aclc.syntax.hujson_edit import edited
from aclc.tailnet.model import Tailnet
from tests.properties.compiled import compile_world
from tests.properties.oracle import TAILNET, World, address, may_pass, own, routes, span, within
from tests.properties.packets import packets
from tests.properties.strategies import GROUPS, HOSTS, IPSETS, LITERALS, TAGS, USERS, of_worlds, worlds
from tests.reach.engine import policy_of, tailnet_of

Json = Any

PACKETS = 30
QUESTIONS = 12

NAMES = (*USERS, *TAGS, *GROUPS, *HOSTS, *IPSETS, *LITERALS, "autogroup:member", "autogroup:tagged", "*")
SERVICES = ((6, 22), (6, 443), (17, 53), (132, 90), (1, 0), (47, 0))
seeds = st.integers(0, 1 << 32)


def question(src: str, dst: str, protocol: int, port: int | None, tailnet: Tailnet | None) -> Question:
    """Give a question without a login, about sources as they are."""
    return Question(src, dst, protocol, port, None, tailnet, {})


def sender_of(world: World, source: str) -> Json | None:
    """Give the node that has an address."""
    return next((each for each in world.tailnet["nodes"] if address(source) in own(world, each)), None)


def receivers(world: World, compiled: dict[str, Json], sender: Json, target: str) -> list[Json] | None:
    """Give the nodes that a packet of a node for an address may go to, by the routes that the node was given; None
    where it would go to itself, or is for an address of the tailnet's own that nobody has and no subnet route holds."""
    at = address(target)
    nodes = {each["name"]: each for each in world.tailnet["nodes"]}
    mine = [each for each in nodes.values() if at in own(world, each)]
    if mine:
        return None if sender in mine else mine
    if any(within(at, route) for route in routes(world, sender)):
        return None
    offered = [
        (span(route), nodes[peer])
        for peer, own_routes in compiled[sender["name"]]["peers"].items()
        for route in own_routes
        if within(at, span(route))
    ]
    longest = min((last - first for (_, first, last), _ in offered), default=0)
    if longest >= 1 << 31 and any(within(at, each) for each in TAILNET):
        return None
    return [peer for (_, first, last), peer in offered if last - first == longest]


@of_worlds
@given(world=worlds(), seed=seeds)
def test_the_verdict_is_what_the_receiver_says(world: World, seed: int) -> None:
    """From a node's address to an address: allowed iff the reference semantics lets the packet in where it is sent."""
    policy, tailnet = policy_of(world.policy), tailnet_of(world.tailnet)
    compiled = compile_world(world)
    for packet in packets(world, seed, PACKETS):
        sender = sender_of(world, packet.source)
        if sender is None or address(packet.source)[0] != address(packet.target)[0] or packet.protocol == 58:
            continue
        to = receivers(world, compiled, sender, packet.target)
        if to is None:
            continue
        asking = ask(policy, question(packet.source, packet.target, packet.protocol, packet.port, tailnet))
        passes = [may_pass(world.policy, world.tailnet, *packet._replace(node=each["name"])) for each in to]
        assert any(passes) == (asking.answer.verdict == "yes"), (packet, asking.answer, [each["name"] for each in to])


IDENTITIES = (*USERS, *TAGS, *GROUPS, "autogroup:member", "autogroup:tagged", "autogroup:shared", "*")


@of_worlds
@given(world=worlds(), seed=seeds)
def test_an_answer_for_every_tailnet_holds_in_each_one(world: World, seed: int) -> None:
    """Between devices: what is allowed for every tailnet is refused in none, and the other way about."""
    policy, tailnet = policy_of(world.policy), tailnet_of(world.tailnet)
    # WHY: every tailnet means those whose nodes have both families (docs/proofs.md); with one, less may be open.
    whole = all({each.family for each in node.addresses} == {4, 6} for node in tailnet.nodes)
    chooser = random.Random(seed)
    for _ in range(QUESTIONS):
        src, dst = chooser.choice(IDENTITIES), chooser.choice(IDENTITIES[:-1])
        protocol, port = chooser.choice(SERVICES)
        always = ask(policy, question(src, dst, protocol, port, None)).answer.verdict
        try:
            here = ask(policy, question(src, dst, protocol, port, tailnet)).answer.verdict
        except UnknownPrincipalError:  # nobody of that login is in the tailnet
            continue
        assert always not in {"yes", "no"} or (always == "yes" and not whole) or here in {always, "nobody"}, (
            src,
            dst,
            protocol,
            port,
        )


@of_worlds
@given(world=worlds(), seed=seeds, everywhere=st.booleans())
def test_without_a_port_the_services_are_named_that_are_open(world: World, seed: int, everywhere: bool) -> None:
    """Asked about one by one, those to all are allowed, those to some for some at least, and no others."""
    policy, tailnet = policy_of(world.policy), None if everywhere else tailnet_of(world.tailnet)
    chooser = random.Random(seed)
    src, dst = chooser.choice(IDENTITIES), chooser.choice([*IDENTITIES, *LITERALS])
    try:
        answer = ask(policy, question(src, dst, 6, None, tailnet)).answer
    except UnknownPrincipalError:
        return
    every, some = answer.open_to_all, answer.open_to_some
    assert bool(some) == (answer.verdict in {"yes", "partly"})
    assert not every or answer.verdict == "yes"
    for protocol, port in chooser.sample([each for each in SERVICES if each[0] != 1], 2) if some else ():
        one = ask(policy, question(src, dst, protocol, port, tailnet)).answer.verdict
        expected = "yes" if holds(every, protocol, port) else "partly" if holds(some, protocol, port) else "no"
        assert {"yes", "partly"} & {expected} == {"yes", "partly"} & {one}, (src, dst, protocol, port, every)


def holds(services: Sequence[tuple[int, int, int]], protocol: int, port: int) -> bool:
    """Tell whether services hold one."""
    return any(each == protocol and first <= port <= last for each, first, last in services)


def asked_about(world: World, seed: int) -> list[tuple[str, str, int, int | None]]:
    """Give questions between names of all kinds, and some that a packet would ask."""
    chooser = random.Random(seed)
    names = [*NAMES, *(node["name"] for node in world.tailnet["nodes"])]
    found: list[tuple[str, str, int, int | None]] = [
        (chooser.choice(names), chooser.choice(names), *chooser.choice(SERVICES)) for _ in range(QUESTIONS)
    ]
    return [*found, *((each.source, each.target, each.protocol, each.port) for each in packets(world, seed, 4))]


@of_worlds
@given(world=worlds(), seed=seeds, everywhere=st.booleans())
def test_an_edit_that_is_advised_opens_what_was_asked_and_no_more(world: World, seed: int, everywhere: bool) -> None:
    """The edit gives a policy in which a rule lets it in; the difference to the old one lies within the question."""
    policy, tailnet = policy_of(world.policy), None if everywhere else tailnet_of(world.tailnet)
    for src, dst, protocol, port in asked_about(world, seed):
        if everywhere and (src.startswith("n") or dst.startswith("n")):
            continue
        asked = question(src, dst, protocol, port, tailnet)
        asking = ask(policy, asked)
        assert asking.answer.verdict in {"yes", "partly", "no", "nobody"}
        for remedy in proven_remedies(asking, asked):
            if remedy.edits:
                check_edit(policy, remedy, asked)


def check_edit(policy: Policy, remedy: Remedy, asked: Question) -> None:
    """Hold an edit to what it promises."""
    after = policy_of(json.loads(edited(policy.place.span.source.text, remedy.edits)))
    again = ask(after, asked)
    assert "yes" == again.answer.network, (asked, remedy)
    ported = asked.protocol in {6, 17, 132}  # others have no ports to speak of
    space = again.setting.space([policy, after])
    gains = changes(space)
    assert all(each.gained for each in gains), "an edit took something away"
    if remedy.opens_more is None and asked.tailnet is not None:
        src, dst = (principal(name, after, asked.tailnet) for name in (asked.src, asked.dst))
        for gain in gains:
            assert src.node is not None or not gain.sources & ~src.sources(space.views[1]), (asked, remedy)
            assert dst.node is not None or not gain.targets & ~dst.targets(space.views[1]), (asked, remedy)
            assert {(asked.protocol, asked.port)} >= {(p, q) for p, q, _ in gain.services} or not ported


@pytest.mark.parametrize("exits", [(), ("shared",), ("plain",)], ids=["no exit node", "shared in", "of a member"])
def test_an_exit_node_does_not_take_what_a_subnet_router_serves(exits: tuple[str, ...]) -> None:
    """What an exit node leads to stands for many addresses; the address that is asked about is one of them."""
    nodes: list[Json] = [
        {"name": "laptop", "user": "ann@x.com", "addresses": ["100.64.0.1"]},
        {"name": "router", "tags": ["tag:db"], "addresses": ["100.64.0.2"], "approved_routes": ["10.33.7.0/24"]},
    ]
    owners: dict[str, Json] = {"shared": {"user": "eve@y.com", "shared": True}, "plain": {"user": "ann@x.com"}}
    nodes += [
        {"name": "exit", "addresses": ["100.64.0.3"], "approved_routes": ["0.0.0.0/0", "::/0"], **owners[each]}
        for each in exits
    ]
    tailnet = {"schema_version": 1, "tailnet": "x.com", "users": [{"login": "ann@x.com"}], "nodes": nodes}
    policy = {
        "tagOwners": {"tag:db": []},
        "grants": [
            {"src": ["*"], "dst": ["10.33.0.0/16"], "via": ["tag:db"], "ip": ["*"]},
            {"src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"]},
            {"src": ["autogroup:shared", "autogroup:member"], "dst": ["ann@x.com"], "ip": ["*"]},
        ],
    }
    asked = question("laptop", "10.33.7.9", 6, 23, tailnet_of(tailnet))

    assert "yes" == ask(policy_of(policy), asked).answer.verdict


def test_a_router_needs_no_way_to_what_it_serves() -> None:
    """Of machines with one tag, those count that do not serve the network themselves."""
    policy = policy_of(
        {
            "tagOwners": {"tag:a": []},
            "grants": [{"src": ["100.64.0.2"], "dst": ["10.0.0.0/16"], "ip": ["tcp:80"]}],
        }
    )
    router = {"name": "r", "tags": ["tag:a"], "addresses": ["100.64.0.1"]}
    router |= {"advertised_routes": ["10.0.0.0/16"], "approved_routes": ["10.0.0.0/16"]}
    other = {"name": "o", "tags": ["tag:a"], "addresses": ["100.64.0.2"]}
    both, alone = (tailnet_of({"schema_version": 1, "nodes": nodes}) for nodes in ([router, other], [router]))

    assert "yes" == ask(policy, question("tag:a", "10.0.5.5", 6, 80, both)).answer.verdict
    assert "nobody" == ask(policy, question("tag:a", "10.0.5.5", 6, 80, alone)).answer.verdict


def test_an_address_that_a_route_holds_in_some_tailnets_is_let_in_by_the_star_in_those() -> None:
    policy = policy_of({"tagOwners": {"tag:a": []}, "grants": [{"src": ["*"], "dst": ["tag:a"], "ip": ["tcp:80"]}]})
    answer = ask(policy, question("10.0.0.5", "tag:a", 6, 80, None)).answer

    assert ("partly", "partly", True) == (answer.verdict, answer.network, answer.if_routed)
    assert "yes" == ask(policy, question("autogroup:member", "tag:a", 6, 80, None)).answer.verdict
