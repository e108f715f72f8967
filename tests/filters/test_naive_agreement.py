"""The compiler gives what the slow reading of the reference gives, and its fast writer what its slow one gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.filters.node_filter import PacketFilters
from aclc.filters.packet_filter_bytes import MOST_ADDRESSES, PacketFilterWriter
from aclc.filters.packet_filter_json import compact, packet_filter_json
from aclc.filters.sources import SourceTexts
from tests.filters.naive_filter import SELF, NaiveFilters, NaiveNode
from tests.filters.small_tailnets import address, node, resolved, tailnet

USERS = ["alice@example.com", "bob@example.com", "carol@example.com"]
TAGS = ["tag:a", "tag:b", "tag:c"]
ROLES = {"alice@example.com": "owner", "bob@example.com": "admin", "carol@example.com": "member"}
ROUTES = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "100.64.0.0/30", "fd00:1::/48", "0.0.0.0/0", "::/0"]
HOSTS = {"wide": "10.0.0.0/9", "narrow": "10.1.2.3", "first": "100.64.0.1", "six": "fd00:1::/64"}
GROUPS = {"group:one": ["alice@example.com"], "group:two": ["bob@example.com", "carol@example.com"], "group:none": []}
LITERALS = ["100.64.0.0/30", "100.64.0.2", "fd7a:115c:a1e0::1", "10.1.0.0/16", "192.168.0.0/16", *HOSTS]
IDENTITIES = [*USERS, *TAGS, *GROUPS, "autogroup:member", "autogroup:tagged", "autogroup:admin", "autogroup:owner"]
PORTS = ["*", "22", "80-90"]
CAPABILITIES = ["example.com/cap/x", "tailscale.com/cap/drive", "tailscale.com/cap/relay"]

some = st.lists(st.sampled_from([*IDENTITIES, *LITERALS, "*"]), min_size=0, max_size=3, unique=True)
people = st.lists(
    st.sampled_from([*USERS, "group:one", "group:two", "autogroup:member"]), min_size=1, max_size=2, unique=True
)


@st.composite
def nodes(draw: st.DrawFn) -> list[NaiveNode]:
    """Give up to seven nodes: of users, with tags, with one family or both, with routes."""
    found = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        addresses = {
            "both": (f"100.64.0.{number}", f"fd7a:115c:a1e0::{number}"),
            "four": (f"100.64.0.{number}",),
            "six": (f"fd7a:115c:a1e0::{number}",),
        }[draw(st.sampled_from(["both", "both", "both", "four", "six"]))]
        tags = tuple(draw(st.lists(st.sampled_from(TAGS), max_size=2, unique=True)))
        user = None if tags else draw(st.sampled_from(USERS))
        routes = tuple(draw(st.lists(st.sampled_from(ROUTES), max_size=2, unique=True)))
        found.append(NaiveNode(f"node{number}", addresses, user, tags, routes))
    return found


@st.composite
def acls(draw: st.DrawFn) -> dict[str, Any]:
    """Give an acl; with autogroup:self among its destinations, its sources are people or `*`."""
    dst = draw(st.lists(st.sampled_from([*IDENTITIES, *LITERALS, "*", "autogroup:internet"]), max_size=4))
    src = draw(some)
    if draw(st.integers(0, 3)) == 0:
        dst.insert(draw(st.integers(0, len(dst))), SELF)
        src = draw(st.one_of(people, st.just(["*"])))
    with_ports = [f"{each}:{','.join(draw(st.lists(st.sampled_from(PORTS), min_size=1, max_size=2)))}" for each in dst]
    protocol = draw(st.sampled_from([None, None, "tcp"]))
    return {"action": "accept", "src": src, "dst": with_ports} | ({"proto": protocol} if protocol else {})


@st.composite
def grants(draw: st.DrawFn) -> dict[str, Any]:
    """Give a grant: network, application or both, sometimes `via`."""
    kind = draw(st.sampled_from(["plain", "plain", "self", "via"]))
    places = [*IDENTITIES, *LITERALS, "*"]
    dst = draw(st.lists(st.sampled_from(places), max_size=3))
    src = draw(st.one_of(some, st.just(["autogroup:danger-all"])))
    if kind == "self":
        dst, src = [SELF], draw(people)
    capabilities = draw(st.lists(st.sampled_from(CAPABILITIES), max_size=3, unique=True))
    found: dict[str, Any] = {"src": src, "dst": dst}
    if capabilities:
        found["app"] = {name: [{"n": 1}] for name in capabilities}
    elif draw(st.booleans()):
        dst.append("autogroup:internet")
    if not capabilities or draw(st.booleans()):
        found["ip"] = draw(st.lists(st.sampled_from([*PORTS, "tcp:443", "udp:*", "tcp:22"]), min_size=1, max_size=3))
    if kind == "via":
        found["via"] = draw(st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True))
    return found


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Give a policy that the control plane would accept."""
    policy: dict[str, Any] = {"groups": GROUPS, "hosts": HOSTS, "tagOwners": {tag: [] for tag in TAGS}}
    if draw(st.integers(0, 9)) > 0:
        policy["acls"] = draw(st.lists(acls(), max_size=4))
    if draw(st.integers(0, 3)) > 0:
        policy["grants"] = draw(st.lists(grants(), max_size=4))
    return policy


def compiled(policy: dict[str, Any], given_nodes: Sequence[NaiveNode]) -> tuple[PacketFilters, SourceTexts]:
    """Give aclc's filters for the same policy and nodes."""
    net = tailnet(
        *(
            node(each.name, *each.addresses, owner=each.user or " ".join(each.tags), routes=each.routes)
            for each in given_nodes
        ),
        roles=ROLES,
    )
    found = resolved(net, **policy)
    return PacketFilters(found), SourceTexts(found.names)


@given(policies(), nodes())
def test_templates_give_what_one_node_at_a_time_gives(policy: dict[str, Any], given_nodes: list[NaiveNode]) -> None:
    """Whatever the classes, the order and the merging come out as in reference §5.10."""
    every, texts = compiled(policy, given_nodes)
    naive = NaiveFilters(policy, given_nodes, ROLES)
    expected = [naive.packet_filter(each) for each in given_nodes]
    assert expected == [packet_filter_json(each.rules, texts) for each in every]


@given(policies(), nodes(), st.sampled_from([0, 1 << 20]))
def test_the_fast_writer_writes_what_the_slow_one_does(
    policy: dict[str, Any], given_nodes: list[NaiveNode], budget: int
) -> None:
    every, texts = compiled(policy, given_nodes)
    writer = PacketFilterWriter(every, texts, budget=budget)
    expected = [compact(packet_filter_json(each.rules, texts)).encode() for each in every]
    assert expected == [writer.write(number) for number in range(len(every))]


@given(policies(), nodes())
def test_every_entry_has_an_origin_that_names_its_ports(policy: dict[str, Any], given_nodes: list[NaiveNode]) -> None:
    """An origin leads to an item of the rule that opens these very ports."""
    every, _ = compiled(policy, given_nodes)
    lowered = every.resolved.grants
    for own in every:
        for number, rule in enumerate(own.rules):
            origins = own.origins(number)
            assert len(rule.openings or rule.cap_grants) == len(origins)
            for opening, origin in zip(rule.openings, origins, strict=False):
                grant = lowered[origin.grant]
                assert any(
                    (opening.ports, origin.item) in zip(target.ports, target.items, strict=True)
                    for part in grant.parts
                    for network in part.networks
                    for target in network.targets
                )


def test_a_node_with_very_many_addresses_is_written_too() -> None:
    many = [f"100.64.1.{number}" for number in range(MOST_ADDRESSES + 5)]
    found = resolved(tailnet(node("many", *many, owner="bob@example.com")), acls=[])
    found = resolved(found.tailnet, acls=[{"action": "accept", "src": ["*"], "dst": ["bob@example.com:22"]}])
    every, texts = PacketFilters(found), SourceTexts(found.names)
    written = json.loads(PacketFilterWriter(every, texts).write(0))
    assert many == [each["IP"] for each in written[0]["DstPorts"]]
    assert address(many[0]) == found.names.addresses[0][0]
