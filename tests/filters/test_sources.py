"""Who may send: postures, ipsets, nodes without IPv4, shared nodes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.filters.small_tailnets import ALL, acl, filters, grant, node, rule, tailnet

ALICE, BOB = "alice@example.com", "bob@example.com"
LINUX: dict[str, Any] = {"posture": {"node:os": "linux"}}
LAPTOP = node("laptop", "100.64.0.1", "fd7a:115c:a1e0::1", owner=ALICE, **LINUX)
DESK = node("desk", "100.64.0.2", "fd7a:115c:a1e0::2", owner=BOB)
WEB = node("web", "100.64.0.10", owner="tag:web", **LINUX)
ROUTER = node("router", "100.64.0.11", owner="tag:router", routes=["10.0.0.0/8"], **LINUX)
EXIT = node("exit", "100.64.0.12", owner="tag:router", routes=["0.0.0.0/0"])
GUEST = node("guest", "100.64.0.20", owner="eve@elsewhere.example", shared=True)
LINUX_ONLY: dict[str, Any] = {
    "tagOwners": {"tag:web": [], "tag:router": []},
    "postures": {"posture:linux": ["node:os == 'linux'"], "posture:mac": ["node:os == 'macos'"]},
}
NET = tailnet(LAPTOP, DESK, WEB, ROUTER, GUEST)


def sources(**sections: Any) -> list[str]:
    """Give the sources of the one rule on `web`."""
    found = filters(NET, **LINUX_ONLY, **sections)["web"]
    assert 1 == len(found), found
    listed: list[str] = found[0]["SrcIPs"]
    return listed


@pytest.mark.parametrize(
    ("src", "expected"),
    [
        ([ALICE, BOB], ["100.64.0.1", "fd7a:115c:a1e0::1"]),
        (["autogroup:tagged"], ["100.64.0.10", "100.64.0.11"]),
        (["100.64.0.1", "100.64.0.2"], ["100.64.0.1"]),
        (["192.168.0.0/16"], ["192.168.0.0/16"]),
        (["100.64.0.0/30"], ["100.64.0.0/31", "100.64.0.3"]),
        (["*"], ["100.64.0.1", "100.64.0.10", "100.64.0.11", "100.64.0.20", "fd7a:115c:a1e0::1"]),
    ],
)
def test_a_posture_leaves_only_nodes_that_meet_it(src: list[str], expected: list[str]) -> None:
    """Literals lose the addresses of other nodes, `*` becomes the nodes that meet it; guests are not tested."""
    assert expected == sources(acls=[acl(src, ["tag:web:22"], srcPosture=["posture:linux", "posture:mac"])])


def test_a_posture_that_nobody_meets_leaves_nothing() -> None:
    sections = {"acls": [acl([ALICE], ["tag:web:22"], srcPosture=["posture:mac"])]}
    assert [] == filters(NET, **LINUX_ONLY, **sections)["web"]


def test_the_default_posture_holds_for_rules_without_their_own() -> None:
    acls = [acl([BOB, ALICE], ["tag:web:22"]), acl([BOB], ["tag:web:23"], srcPosture=["posture:any"])]
    postures = {**LINUX_ONLY["postures"], "posture:any": ["node:os NOT SET"]}
    found = filters(NET, **{**LINUX_ONLY, "postures": postures}, defaultSrcPosture=["posture:linux"], acls=acls)
    assert [
        rule(["100.64.0.1", "fd7a:115c:a1e0::1"], ("100.64.0.10", 22)),
        rule(["100.64.0.2", "fd7a:115c:a1e0::2"], ("100.64.0.10", 23)),
    ] == found["web"]


def test_a_posture_cuts_the_sources_of_self_too() -> None:
    phone = node("phone", "100.64.0.3", owner=ALICE)
    acls = [acl(["autogroup:member"], ["autogroup:self:22"], srcPosture=["posture:linux"])]
    found = filters(tailnet(LAPTOP, phone, DESK), **LINUX_ONLY, acls=acls)
    assert [rule(["100.64.0.1", "fd7a:115c:a1e0::1"], ("100.64.0.3", 22))] == found["phone"]
    assert [] == found["desk"]


def test_an_ipset_as_source_is_written_as_intervals() -> None:
    """Steps are applied in order; a range that is a prefix is written as one."""
    ipsets = {
        "ipset:inner": ["10.0.0.0/30", "host:lab"],
        "ipset:outer": ["add ipset:inner", "remove 10.0.0.1", "add 10.2.0.0-10.2.0.4", "add fd00::1"],
    }
    expected = ["10.0.0.0", "10.0.0.2/31", "10.1.0.0/24", "10.2.0.0-10.2.0.4", "fd00::1"]
    assert expected == sources(hosts={"lab": "10.1.0.0/24"}, ipsets=ipsets, acls=[acl(["ipset:outer"], ["tag:web:22"])])


def test_an_ipset_that_cannot_be_worked_out_holds_nothing() -> None:
    """Leaving out a `remove` of something unknown would open more than was meant."""
    ipsets = {
        "ipset:broken": ["add 10.0.0.0/8", "remove host:unknown"],
        "ipset:a": ["add 10.0.0.0/8", "add ipset:b"],
        "ipset:b": ["add 10.0.0.0/8", "add ipset:a"],
    }
    acls = [acl(["ipset:broken", "ipset:a", "ipset:b", "ipset:missing"], ["tag:web:22"])]
    assert [] == filters(NET, **LINUX_ONLY, ipsets=ipsets, acls=acls)["web"]


def test_an_ipset_as_destination_opens_its_prefixes_that_are_here() -> None:
    ipsets = {"ipset:some": ["add 10.1.0.0/16", "add 100.64.0.10", "add 192.168.0.0/16"]}
    found = filters(NET, **LINUX_ONLY, ipsets=ipsets, acls=[acl(["192.0.2.1"], ["ipset:some:22"])])
    assert [rule(["192.0.2.1"], ("100.64.0.10", 22))] == found["web"]
    assert [rule(["192.0.2.1"], ("10.1.0.0/16", 22))] == found["router"]
    assert [] == found["desk"]


def test_an_ipset_made_of_the_internet_works_on_exit_nodes() -> None:
    ipsets = {"ipset:most": ["add autogroup:internet", "remove 0.0.0.0/1", "remove 2000::/4"]}
    for via in ({}, {"via": ["tag:router"]}):
        grants = [grant([BOB], ["ipset:most"], ["443"], **via)]
        found = filters(tailnet(DESK, EXIT, ROUTER), **LINUX_ONLY, ipsets=ipsets, grants=grants)
        listed = [each["IP"] for each in found["exit"][0]["DstPorts"]]
        assert "128.0.0.0-169.253.255.255" == listed[0]
        assert "3000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" == listed[-1]
        assert [] == found["router"]


@pytest.mark.parametrize(
    "sections",
    [{"disableIPv4": True}, {"nodeAttrs": [{"target": ["100.64.0.2", "tag:web"], "attr": ["disable-ipv4"]}]}],
)
def test_nodes_without_ipv4_neither_send_nor_receive_with_it(sections: dict[str, Any]) -> None:
    both = node("both", "100.64.0.30", "fd7a:115c:a1e0::30", owner="tag:web")
    acls = [acl([BOB], ["tag:web:22", "100.64.0.30:23"])]
    found = filters(tailnet(DESK, WEB, both), **LINUX_ONLY, acls=acls, **sections)
    assert [rule(["fd7a:115c:a1e0::2"], ("fd7a:115c:a1e0::30", 22))] == found["both"]
    assert [] == found["web"]


@pytest.mark.parametrize("src", ["autogroup:shared", "eve@elsewhere.example"])
def test_shared_nodes_are_named_by_their_autogroup_and_their_owner(src: str) -> None:
    assert ["100.64.0.20"] == sources(acls=[acl([src], ["tag:web:22"])])


@pytest.mark.parametrize("src", ["autogroup:member", "user:*@elsewhere.example", "autogroup:tagged"])
def test_shared_nodes_are_nothing_else(src: str) -> None:
    assert "100.64.0.20" not in sources(acls=[acl([src, ALICE], ["tag:web:22"])])


def test_roles_select_the_devices_of_those_who_have_them() -> None:
    net = tailnet(LAPTOP, DESK, WEB, roles={ALICE: "owner", BOB: "it-admin"})
    wanted = {"autogroup:owner": LAPTOP, "autogroup:admin": LAPTOP, "autogroup:it-admin": DESK}
    for name, who in wanted.items():
        found = filters(net, **LINUX_ONLY, acls=[acl([name], ["tag:web:*"])])["web"]
        assert [rule([str(each) for each in who.addresses], ("100.64.0.10", ALL))] == found
    assert [] == filters(net, **LINUX_ONLY, acls=[acl(["autogroup:auditor"], ["tag:web:*"])])["web"]


def test_users_of_a_domain_are_told_apart_by_the_whole_domain() -> None:
    other = node("other", "100.64.0.40", owner="zoe@sub.example.com")
    found = filters(tailnet(LAPTOP, other, WEB), **LINUX_ONLY, acls=[acl(["user:*@example.com"], ["tag:web:1"])])
    assert ["100.64.0.1", "fd7a:115c:a1e0::1"] == found["web"][0]["SrcIPs"]


def test_services_open_nothing_where_no_node_is_known_to_serve_them() -> None:
    found = filters(NET, **LINUX_ONLY, grants=[grant(["*"], ["svc:db"], ["*"])])
    assert {each.name: [] for each in NET.nodes} == found


def test_selectors_that_must_not_be_destinations_open_nothing() -> None:
    dst = ["autogroup:danger-all:22", "autogroup:shared:22", "autogroup:nonroot:22"]
    assert {each.name: [] for each in NET.nodes} == filters(NET, **LINUX_ONLY, acls=[acl(["*"], dst)])


def test_only_accept_opens_anything() -> None:
    found = filters(NET, **LINUX_ONLY, acls=[{"action": "deny", "src": ["*"], "dst": ["*:*"]}])
    assert [] == found["web"]
