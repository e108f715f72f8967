"""What a node's packet filter holds, and in which order."""

from __future__ import annotations

from typing import Any

from aclc.filters.model import Origin
from aclc.filters.node_filter import PacketFilters
from aclc.resolve.model import Item
from tests.filters.small_tailnets import (
    ALL,
    acl,
    application_rule,
    filters,
    grant,
    node,
    policy,
    resolved,
    rule,
    tailnet,
)

ALICE, BOB = "alice@example.com", "bob@example.com"
WILDCARD = ["100.115.94.0-100.127.255.255", "100.64.0.0-100.115.91.255", "fd7a:115c:a1e0::/48"]

LAPTOP = node("laptop", "100.64.0.1", "fd7a:115c:a1e0::1", owner=ALICE)
PHONE = node("phone", "100.64.0.2", "fd7a:115c:a1e0::2", owner=ALICE)
DESK = node("desk", "100.64.0.3", "fd7a:115c:a1e0::3", owner=BOB)
WEB = node("web", "100.64.0.10", "fd7a:115c:a1e0::10", owner="tag:web")
V4_ONLY = node("v4-only", "100.64.0.11", owner="tag:web")
V6_ONLY = node("v6-only", "fd7a:115c:a1e0::12", owner="tag:web")
NARROW = node("narrow", "100.64.0.20", owner="tag:router", routes=["10.1.0.0/16"])
WIDE = node("wide", "100.64.0.21", owner="tag:router tag:wide", routes=["10.0.0.0/8"])
EXIT = node("exit", "100.64.0.22", owner="tag:exit", routes=["0.0.0.0/0", "::/0"])
TAGS: dict[str, list[str]] = {f"tag:{name}": [] for name in ("web", "router", "wide", "exit")}

ALICES = ["100.64.0.1", "100.64.0.2", "fd7a:115c:a1e0::1", "fd7a:115c:a1e0::2"]
BOBS = ["100.64.0.3", "fd7a:115c:a1e0::3"]


def test_every_device_of_a_user_is_a_source_and_v4_comes_before_v6() -> None:
    found = filters(tailnet(LAPTOP, PHONE, WEB), tagOwners=TAGS, acls=[acl([ALICE], ["tag:web:22,80-90"])])
    assert {
        "laptop": [],
        "phone": [],
        "web": [
            rule(
                ALICES,
                ("100.64.0.10", 22),
                ("100.64.0.10", (80, 90)),
                ("fd7a:115c:a1e0::10", 22),
                ("fd7a:115c:a1e0::10", (80, 90)),
            )
        ],
    } == found


def test_nodes_of_one_family_open_only_that_family() -> None:
    found = filters(tailnet(DESK, V4_ONLY, V6_ONLY), tagOwners=TAGS, acls=[acl([BOB], ["tag:web:22"])])
    assert [rule(BOBS, ("100.64.0.11", 22))] == found["v4-only"]
    assert [rule(BOBS, ("fd7a:115c:a1e0::12", 22))] == found["v6-only"]


def test_literals_match_one_family_and_are_never_narrowed() -> None:
    """Reference §3.3: a host is exactly its prefix."""
    found = filters(tailnet(WEB), tagOwners=TAGS, acls=[acl(["100.64.0.10"], ["100.64.0.0/24:22"])])
    assert [rule(["100.64.0.10"], ("100.64.0.0/24", 22))] == found["web"]


def test_overlapping_routes_count_in_either_direction_and_exit_routes_do_not() -> None:
    acls = [acl([BOB], ["10.1.2.0/24:22"]), acl([BOB], ["10.0.0.0/7:23"]), acl([BOB], ["10.2.0.0/16:24"])]
    found = filters(tailnet(DESK, NARROW, WIDE, EXIT), tagOwners=TAGS, acls=acls)
    assert [rule(BOBS, ("10.1.2.0/24", 22), ("10.0.0.0/7", 23))] == found["narrow"]
    assert [rule(BOBS, ("10.1.2.0/24", 22), ("10.0.0.0/7", 23), ("10.2.0.0/16", 24))] == found["wide"]
    assert [] == found["exit"]


def test_wildcard_sources_name_every_distinct_subnet_route() -> None:
    second = node("second", "100.64.0.23", owner="tag:router", routes=["10.1.0.0/16", "100.64.0.0/24"])
    found = filters(tailnet(NARROW, WIDE, EXIT, second), tagOwners=TAGS, acls=[acl(["*"], ["tag:exit:*"])])
    expected = [
        "10.0.0.0/8",
        "10.1.0.0/16",
        "100.115.94.0-100.127.255.255",
        "100.64.0.0-100.115.91.255",
        "100.64.0.0/24",
        "fd7a:115c:a1e0::/48",
    ]
    assert [rule(expected, ("100.64.0.22", ALL))] == found["exit"]


def test_routes_are_approved_by_the_policy_where_the_tailnet_does_not_say() -> None:
    router = node("router", "100.64.0.20", owner="tag:router", routes=None)
    router = router._replace(advertised_routes=NARROW.approved_routes or ())
    approvers = {"routes": {"10.0.0.0/8": ["tag:router"]}}
    sections = {"tagOwners": TAGS, "acls": [acl([BOB], ["10.1.0.0/16:22"])]}
    assert [] == filters(tailnet(DESK, router), **sections)["router"]
    assert [rule(BOBS, ("10.1.0.0/16", 22))] == filters(tailnet(DESK, router), autoApprovers=approvers, **sections)[
        "router"
    ]


def test_no_lists_at_all_allow_everything_and_empty_lists_nothing() -> None:
    assert [rule(WILDCARD, ("*", ALL))] == filters(tailnet(WEB), tagOwners=TAGS)["web"]
    assert [] == filters(tailnet(WEB), tagOwners=TAGS, acls=[])["web"]
    assert [] == filters(tailnet(WEB), tagOwners=TAGS, grants=[])["web"]


def test_empty_groups_and_unknown_users_open_nothing() -> None:
    acls = [acl(["group:none"], ["tag:web:22"]), acl(["carol@example.com"], ["tag:web:22"]), acl([], ["tag:web:22"])]
    assert [] == filters(tailnet(WEB, DESK), tagOwners=TAGS, groups={"group:none": []}, acls=acls)["web"]


def test_danger_all_leaves_nothing_else_to_say() -> None:
    found = filters(tailnet(WEB, DESK), tagOwners=TAGS, acls=[acl([BOB, "autogroup:danger-all"], ["tag:web:22"])])
    assert ["*"] == found["web"][0]["SrcIPs"]


def test_acl_destinations_are_joined_by_text_and_sorted_by_kind() -> None:
    """Captures acl-k02 and its siblings: `*`, users, groups, tags, addresses, autogroups."""
    dst = ["autogroup:member:1", "100.64.0.3:2", "group:bobs:3", f"{BOB}:4", "*:5", f"{BOB}:6"]
    found = filters(tailnet(LAPTOP, DESK), groups={"group:bobs": [BOB]}, acls=[acl([ALICE], dst)])
    four, six = DESK.addresses
    expected = [("*", 5)]
    expected += [(str(four), 4), (str(four), 6), (str(six), 4), (str(six), 6), (str(four), 3), (str(six), 3)]
    expected += [("100.64.0.3", 2), (str(four), 1), (str(six), 1)]
    assert [rule(ALICES[::2], *expected)] == found["desk"]


def test_grant_destinations_keep_their_order_and_ports_are_grouped_by_protocol() -> None:
    found = filters(
        tailnet(DESK, V4_ONLY),
        tagOwners=TAGS,
        grants=[grant([BOB], ["tag:web", "*"], ["tcp:443", "22", "tcp:80", "udp:53", "23"])],
    )
    assert [
        rule(BOBS, ("100.64.0.11", 443), ("100.64.0.11", 80), ("*", 443), ("*", 80), protocol=6),
        rule(BOBS, ("100.64.0.11", 22), ("100.64.0.11", 23), ("*", 22), ("*", 23)),
        rule(BOBS, ("100.64.0.11", 53), ("*", 53), protocol=17),
    ] == found["v4-only"]


def test_grants_come_before_acls() -> None:
    found = filters(
        tailnet(LAPTOP, DESK, V4_ONLY),
        tagOwners=TAGS,
        acls=[acl([BOB], ["tag:web:1"])],
        grants=[grant([ALICE], ["tag:web"], ["2"])],
    )
    assert [rule(ALICES[::2], ("100.64.0.11", 2)), rule(BOBS, ("100.64.0.11", 1))] == found["v4-only"]


def test_rules_merge_by_addresses_and_protocol_whatever_names_them() -> None:
    """Capture acl-mr04: a group and its only member; literals that spell out a node's addresses count too."""
    acls = [
        acl([BOB], ["tag:web:1"]),
        acl([ALICE], ["tag:web:2"]),
        acl(["group:bobs"], ["tag:web:3"]),
        acl(BOBS, ["tag:web:4"]),
        acl([BOB], ["tag:web:5"], proto="tcp"),
        acl(BOBS[:1], ["tag:web:6"]),
    ]
    found = filters(tailnet(LAPTOP, DESK, V4_ONLY), tagOwners=TAGS, groups={"group:bobs": [BOB]}, acls=acls)
    own = "100.64.0.11"
    assert [
        rule(BOBS, (own, 1), (own, 3), (own, 4)),
        rule(ALICES[::2], (own, 2)),
        rule(BOBS, (own, 5), protocol=6),
        rule(BOBS[:1], (own, 6)),
    ] == found["v4-only"]


def test_a_rule_that_opens_nothing_here_still_keeps_the_place_of_its_sources() -> None:
    """Captures acl-at06 and acl-a17."""
    acls = [acl([BOB], ["tag:exit:1"]), acl([ALICE], ["tag:web:2"]), acl([BOB], ["tag:web:3"])]
    found = filters(tailnet(LAPTOP, DESK, V4_ONLY, EXIT), tagOwners=TAGS, acls=acls)
    assert [rule(BOBS, ("100.64.0.11", 3)), rule(ALICES[::2], ("100.64.0.11", 2))] == found["v4-only"]


def test_self_is_each_user_alone_and_nothing_on_tagged_nodes() -> None:
    found = filters(
        tailnet(LAPTOP, PHONE, DESK, WEB), tagOwners=TAGS, acls=[acl(["autogroup:member"], ["autogroup:self:22"])]
    )
    assert {
        "laptop": [rule(ALICES, ("100.64.0.1", 22), ("fd7a:115c:a1e0::1", 22))],
        "phone": [rule(ALICES, ("100.64.0.2", 22), ("fd7a:115c:a1e0::2", 22))],
        "desk": [rule(BOBS, ("100.64.0.3", 22), ("fd7a:115c:a1e0::3", 22))],
        "web": [],
    } == found


def test_self_comes_after_what_shares_the_sources_of_its_rule() -> None:
    """Capture acl-a17: the tag takes the place, although it opens nothing here; autogroups keep their order."""
    four, six = BOBS
    by_self, by_member = rule(BOBS, (four, 1), (six, 1)), rule(WILDCARD, (four, 2), (six, 2))
    with_tag = ["autogroup:self:1", "tag:web:3", "autogroup:member:2"]
    assert [by_member, by_self] == filters(tailnet(DESK, WEB), tagOwners=TAGS, acls=[acl(["*"], with_tag)])["desk"]
    assert [by_self, by_member] == filters(tailnet(DESK), acls=[acl(["*"], with_tag[::2])])["desk"]


def test_self_merges_with_a_rule_of_the_same_addresses() -> None:
    """Capture acl-d08; a group with a single user is that user, on that user's nodes only."""
    acls = [
        acl(["group:bobs"], ["tag:exit:1"]),
        acl([ALICE], [f"{BOB}:2"]),
        acl(["autogroup:member"], ["autogroup:self:3"]),
        acl([BOB], [f"{BOB}:4"]),
    ]
    found = filters(tailnet(LAPTOP, DESK, EXIT), tagOwners=TAGS, groups={"group:bobs": [BOB]}, acls=acls)
    four, six = BOBS
    assert [
        rule(BOBS, (four, 3), (six, 3), (four, 4), (six, 4)),
        rule(ALICES[::2], (four, 2), (six, 2)),
    ] == found["desk"]
    assert [rule(ALICES[::2], ("100.64.0.1", 3), ("fd7a:115c:a1e0::1", 3))] == found["laptop"]


def test_self_takes_a_place_before_a_later_rule_of_the_same_addresses() -> None:
    acls = [
        acl(["autogroup:member"], ["autogroup:self:1"]),
        acl([ALICE], ["autogroup:member:2"]),
        acl([BOB], ["autogroup:member:3"]),
    ]
    found = filters(tailnet(LAPTOP, DESK), acls=acls)
    assert [BOBS, ALICES[::2]] == [each["SrcIPs"] for each in found["desk"]]
    assert [ALICES[::2], BOBS] == [each["SrcIPs"] for each in found["laptop"]]


def test_internet_is_for_approved_exit_nodes() -> None:
    found = filters(
        tailnet(DESK, EXIT, WIDE), tagOwners=TAGS, grants=[grant([BOB], ["autogroup:internet"], ["tcp:443"])]
    )
    expected = [
        "0.0.0.0-9.255.255.255",
        "11.0.0.0-100.63.255.255",
        "100.128.0.0-169.253.255.255",
        "169.255.0.0-172.15.255.255",
        "172.32.0.0-192.167.255.255",
        "192.169.0.0-255.255.255.255",
        "2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    assert [rule(BOBS, *[(each, 443) for each in expected], protocol=6)] == found["exit"]
    assert [] == found["wide"]


def test_via_opens_literals_on_tagged_routers_only() -> None:
    grants = [grant([BOB], ["10.1.0.0/24", "tag:wide", "*", "10.99.0.0/16"], ["*"], via=["tag:wide"])]
    found = filters(tailnet(DESK, NARROW, WIDE), tagOwners=TAGS, grants=grants)
    assert [] == found["narrow"]
    assert [rule(BOBS, ("10.1.0.0/24", ALL), ("10.99.0.0/16", ALL))] == found["wide"]


def test_via_takes_a_place_on_its_routers_only() -> None:
    grants = [
        grant([BOB], ["10.99.0.0/16"], ["1"], via=["tag:wide", "tag:exit"]),
        grant([ALICE], ["tag:router", "tag:exit"], ["2"]),
        grant([BOB], ["tag:router", "tag:exit"], ["3"]),
    ]
    found = filters(tailnet(LAPTOP, DESK, NARROW, WIDE, EXIT), tagOwners=TAGS, grants=grants)
    alice = ALICES[::2]
    assert [rule(alice, ("100.64.0.20", 2)), rule(BOBS, ("100.64.0.20", 3))] == found["narrow"]
    assert [rule(BOBS, ("10.99.0.0/16", 1), ("100.64.0.21", 3)), rule(alice, ("100.64.0.21", 2))] == found["wide"]
    # The exit node forwards nothing of the `via` grant, and yet the place is taken.
    assert [rule(BOBS, ("100.64.0.22", 3)), rule(alice, ("100.64.0.22", 2))] == found["exit"]


def test_via_with_internet_opens_exit_nodes_with_the_tag() -> None:
    other = node("other", "100.64.0.30", owner="tag:wide", routes=["0.0.0.0/0"])
    grants = [grant([BOB], ["autogroup:internet"], ["*"], via=["tag:exit"])]
    found = filters(tailnet(DESK, EXIT, other), tagOwners=TAGS, grants=grants)
    assert 7 == len(found["exit"][0]["DstPorts"])
    assert [] == found["other"]


def test_capabilities_stand_after_the_network_rules_and_never_merge() -> None:
    grants = [
        grant([BOB], ["tag:web", "tag:web"], ["1"], app={"example.com/cap/b": [{"x": 1}], "example.com/cap/a": []}),
        grant([BOB], ["tag:web"], ["2"]),
    ]
    found = filters(tailnet(DESK, V4_ONLY), tagOwners=TAGS, grants=grants)
    capability = application_rule(BOBS, ["100.64.0.11/32"], {"example.com/cap/a": [], "example.com/cap/b": [{"x": 1}]})
    own = "100.64.0.11"
    assert [rule(BOBS, (own, 1), (own, 1), (own, 2)), capability, capability] == found["v4-only"]
    assert ["example.com/cap/a", "example.com/cap/b"] == list(found["v4-only"][1]["CapGrant"][0]["CapMap"])


def test_companions_go_back_to_the_sources() -> None:
    app: dict[str, Any] = {"tailscale.com/cap/relay": [{}], "tailscale.com/cap/drive": [{"shares": ["*"]}]}
    found = filters(tailnet(DESK, V4_ONLY), tagOwners=TAGS, grants=[grant([BOB], ["tag:web"], app=app)])
    assert [application_rule(BOBS, ["100.64.0.11/32"], app)] == found["v4-only"]
    own = ["100.64.0.3/32", "fd7a:115c:a1e0::3/128"]
    assert [
        application_rule(["100.64.0.11"], own, {"tailscale.com/cap/drive-sharer": None}),
        application_rule(["100.64.0.11"], own, {"tailscale.com/cap/relay-target": None}),
    ] == found["desk"]


def test_companions_of_self_stay_with_the_user() -> None:
    app: dict[str, Any] = {"tailscale.com/cap/drive": [{}]}
    grants = [grant([f"{ALICE}"], ["autogroup:self"], app=app)]
    found = filters(tailnet(LAPTOP, PHONE, DESK), grants=grants)
    own = ["100.64.0.1/32", "fd7a:115c:a1e0::1/128"]
    companion = {"tailscale.com/cap/drive-sharer": None}
    assert [application_rule(ALICES, own, app), application_rule(ALICES, own, companion)] == found["laptop"]
    assert [] == found["desk"]


def test_capabilities_are_sent_even_without_sources() -> None:
    """Capture grant-h6."""
    grants = [grant(["group:none"], ["tag:web"], ["22"], app={"example.com/cap/a": [{}]})]
    found = filters(tailnet(V4_ONLY), tagOwners=TAGS, groups={"group:none": []}, grants=grants)
    assert [application_rule([], ["100.64.0.11/32"], {"example.com/cap/a": [{}]})] == found["v4-only"]


def test_capabilities_for_a_cidr_hold_on_the_own_address_and_on_the_route() -> None:
    inside = node("inside", "100.64.0.40", "fd7a:115c:a1e0::40", owner="tag:router", routes=["100.64.0.0/25"])
    grants = [grant([BOB], ["100.64.0.0/24"], app={"example.com/cap/a": [{}]})]
    found = filters(tailnet(DESK, inside, WIDE), tagOwners=TAGS, grants=grants)
    assert [["100.64.0.40/32", "100.64.0.0/24"]] == [each["CapGrant"][0]["Dsts"] for each in found["inside"]]
    assert [["100.64.0.21/32"]] == [each["CapGrant"][0]["Dsts"] for each in found["wide"]]


def test_every_entry_can_be_traced_to_its_rule_and_item() -> None:
    found = resolved(
        tailnet(LAPTOP, DESK, V4_ONLY),
        tagOwners=TAGS,
        grants=[grant([BOB], ["tag:web"], ["tcp:1", "2", "tcp:3"])],
        acls=[acl([ALICE], ["tag:web:4"]), acl([BOB], ["100.64.0.11:5", "tag:web:6", "100.64.0.11:7"])],
    )
    own = PacketFilters(found)[2]
    assert (Origin(0, Item(0, 0)), Origin(0, Item(0, 2))) == own.origins(0)
    assert (Origin(0, Item(0, 1)), Origin(2, Item(1)), Origin(2, Item(0)), Origin(2, Item(2))) == own.origins(1)
    assert (Origin(1, Item(0)),) == own.origins(2)
    assert ("acls", 1) == found.grants[2].place.path


def test_reading_a_policy_without_nodes_gives_no_filters() -> None:
    assert [] == list(PacketFilters(resolved(tailnet(), acls=[acl(["*"], ["*:*"])])))
    assert policy(acls=[]).acls == ()
