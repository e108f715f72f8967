"""Who knows whom, and through which router a route is used (reference §9)."""

from __future__ import annotations

from typing import Any

from aclc.filters.peers import Peers
from aclc.filters.peers_bytes import PeerWriter
from aclc.filters.program import Program
from aclc.tailnet.model import Node, Tailnet
from tests.filters.small_tailnets import acl, grant, node, resolved, tailnet

EXIT = ["0.0.0.0/0", "::/0"]
LAN = "10.33.0.0/16"


def peers(*nodes: Node, **sections: Any) -> dict[str, dict[str, list[str]]]:
    """Give the peers of every node and their usable routes, by name."""
    net = tailnet(*nodes)
    found = made(net, **sections)
    return {each.name: found.json_of(at) for at, each in enumerate(net.nodes)}


def made(net: Tailnet, **sections: Any) -> Peers:
    """Give the peers on a tailnet."""
    found = resolved(net, **sections)
    return Peers(found, Program(found))


def laptop(name: str, number: int, owner: str = "alice@example.com", **facts: Any) -> Node:
    """Give a user's device."""
    return node(name, f"100.64.0.{number}", owner=owner, **facts)


def router(name: str, number: int, *routes: str, tag: str = "tag:router", **facts: Any) -> Node:
    """Give a tagged router that was created in the order of the numbers."""
    return node(name, f"100.64.1.{number}", owner=tag, routes=routes, **{"created": number, **facts})


def test_one_direction_is_enough_to_know_each_other() -> None:
    found = peers(
        laptop("a", 1),
        laptop("b", 2, "bob@example.com"),
        router("r", 1),
        acls=[acl(["alice@example.com"], ["tag:router:22"])],
    )
    assert {"a": {"r": []}, "b": {}, "r": {"a": []}} == found


def test_a_router_is_a_sender_for_what_is_behind_it() -> None:
    """It has no other rule: only its route lies among the sources."""
    found = peers(laptop("a", 1), router("r", 1, LAN), acls=[acl(["10.33.5.0/24"], ["alice@example.com:*"])])
    assert {"a": {"r": [LAN]}, "r": {"a": []}} == found


def test_a_rule_for_the_router_alone_does_not_open_its_routes() -> None:
    found = peers(laptop("a", 1), router("r", 1, LAN), acls=[acl(["alice@example.com"], ["tag:router:*"])])
    assert {"r": []} == found["a"]


def test_a_route_is_used_when_a_destination_overlaps_it() -> None:
    for destination in (LAN, "10.0.0.0/8", "10.33.7.0/24", "10.33.1.1"):
        found = peers(laptop("a", 1), router("r", 1, LAN), acls=[acl(["alice@example.com"], [f"{destination}:443"])])
        assert {"r": [LAN]} == found["a"]
    found = peers(laptop("a", 1), router("r", 1, LAN), acls=[acl(["alice@example.com"], ["10.34.0.0/16:443"])])
    assert {} == found["a"]


def test_the_first_created_online_router_is_the_primary() -> None:
    everything = {"acls": [acl(["*"], ["*:*"])]}
    old, new = router("old", 1, LAN), router("new", 2, LAN)
    assert {"new": [], "old": [LAN]} == peers(laptop("a", 1), new, old, **everything)["a"]
    offline = old._replace(online=False)
    assert {"new": [LAN], "old": []} == peers(laptop("a", 1), new, offline, **everything)["a"]
    nobody = peers(laptop("a", 1), new._replace(online=False), offline, **everything)
    assert {"new": [], "old": []} == nobody["a"]


def test_a_router_of_unknown_age_comes_last_and_the_file_decides_between_two() -> None:
    everything = {"acls": [acl(["*"], ["*:*"])]}
    unknown = router("unknown", 1, LAN, created=None)
    assert {"unknown": [], "r": [LAN]} == peers(laptop("a", 1), unknown, router("r", 2, LAN), **everything)["a"]
    second = router("second", 2, LAN, created=None)
    assert {"unknown": [LAN], "second": []} == peers(laptop("a", 1), unknown, second, **everything)["a"]


def test_a_standby_sees_the_route_at_the_primary_but_not_the_other_way_round() -> None:
    """The rule between them opens no route: each one's own route does (captures grant-p10-2, via-grant-v37)."""
    found = peers(router("one", 1, LAN), router("two", 2, LAN), acls=[acl(["tag:router"], ["tag:router:22"])])
    assert {"one": {"two": []}, "two": {"one": [LAN]}} == found


def test_routes_are_listed_in_the_order_in_which_the_router_has_them() -> None:
    found = peers(laptop("a", 1), router("r", 1, "172.16.0.0/24", *EXIT, "10.0.0.0/24"))
    assert {"r": ["172.16.0.0/24", *EXIT, "10.0.0.0/24"]} == found["a"]


def test_every_exit_node_is_offered_to_those_who_may_use_the_internet() -> None:
    exits = [router("x", 1, *EXIT), router("y", 2, *EXIT, online=False)]
    found = peers(
        laptop("a", 1),
        laptop("b", 2, "bob@example.com"),
        *exits,
        acls=[acl(["alice@example.com"], ["autogroup:internet:*"]), acl(["bob@example.com"], ["tag:router:22"])],
    )
    assert {"x": EXIT, "y": EXIT} == found["a"]
    assert {"x": [], "y": []} == found["b"]
    assert {"a": [], "b": []} == found["x"]


def test_a_literal_destination_does_not_open_an_exit_route() -> None:
    found = peers(
        laptop("a", 1), router("x", 1, *EXIT, LAN), acls=[acl(["alice@example.com"], ["10.0.0.0/8:*", "8.8.8.8:53"])]
    )
    assert {"x": [LAN]} == found["a"]


def test_self_makes_peers_of_the_devices_of_one_user() -> None:
    found = peers(
        laptop("a", 1),
        laptop("b", 2),
        laptop("c", 3, "bob@example.com"),
        router("r", 1),
        acls=[acl(["autogroup:member"], ["autogroup:self:*"])],
    )
    assert {"a": {"b": []}, "b": {"a": []}, "c": {}, "r": {}} == found


def test_app_capabilities_make_peers_and_so_do_their_companions() -> None:
    share = {"tailscale.com/cap/drive": [{"shares": ["*"]}]}
    found = peers(
        laptop("a", 1),
        router("r", 1),
        laptop("b", 2, "bob@example.com"),
        grants=[grant(["alice@example.com"], ["tag:router"], app=share)],
    )
    assert {"a": {"r": []}, "r": {"a": []}, "b": {}} == found


def test_via_steers_each_user_to_the_router_that_the_grant_names() -> None:
    """Shape of capture via-grant-v37: both routers have the route, `one` is its primary."""
    found = peers(
        laptop("a", 1),
        laptop("b", 2, "bob@example.com"),
        router("one", 1, LAN, tag="tag:one"),
        router("two", 2, LAN, tag="tag:two"),
        grants=[
            grant(["autogroup:member"], ["tag:one", "tag:two"], ["22"]),
            grant(["alice@example.com"], [LAN], ["*"], via=["tag:one"]),
            grant(["bob@example.com"], [LAN], ["*"], via=["tag:two"]),
        ],
    )
    assert {"one": [LAN], "two": []} == found["a"]
    assert {"one": [], "two": [LAN]} == found["b"]


def test_among_several_routers_with_the_tag_the_primary_or_the_first_created_wins() -> None:
    first, second, third = (router(name, at, LAN, tag=f"tag:{name}") for at, name in enumerate(("x", "y", "z"), 1))
    to_all = grant(["alice@example.com"], ["tag:x", "tag:y", "tag:z"], ["22"])

    def seen(*nodes: Node, via: list[str]) -> list[str]:
        found = peers(laptop("a", 1), *nodes, grants=[to_all, grant(["alice@example.com"], [LAN], ["*"], via=via)])
        return [name for name, routes in found["a"].items() if routes]

    assert ["x"] == seen(third, second, first, via=["tag:x", "tag:y"])
    assert ["y"] == seen(third, second, first, via=["tag:y", "tag:z"])
    assert ["z"] == seen(third, second._replace(online=False), first, via=["tag:y", "tag:z"])
    assert [] == seen(third, second._replace(online=False), first, via=["tag:y"])


def test_a_rule_without_via_wins_over_steering() -> None:
    """Captures via-grant-v43 and v45: the route goes through its primary, whatever `via` says."""
    found = peers(
        laptop("a", 1),
        router("one", 1, LAN, tag="tag:one"),
        router("two", 2, LAN, tag="tag:two"),
        grants=[
            grant(["alice@example.com"], [LAN], ["*"], via=["tag:two"]),
            grant(["alice@example.com"], ["10.33.1.0/24"], ["443"]),
        ],
    )
    assert {"one": [LAN], "two": []} == found["a"]


def test_via_offers_the_exit_nodes_with_the_tag_only() -> None:
    found = peers(
        laptop("a", 1),
        router("x", 1, *EXIT, tag="tag:x"),
        router("y", 2, *EXIT, tag="tag:y"),
        router("z", 3, *EXIT, tag="tag:z"),
        grants=[grant(["alice@example.com"], ["autogroup:internet"], ["*"], via=["tag:y", "tag:z"])],
    )
    assert {"y": EXIT, "z": EXIT} == found["a"]


def test_via_with_app_alone_makes_peers_and_offers_the_route() -> None:
    """Capture grant-k12: the router receives no rule."""
    found = peers(
        laptop("a", 1),
        router("r", 1, LAN),
        grants=[grant(["alice@example.com"], [LAN], via=["tag:router"], app={"example.com/cap/x": [{}]})],
    )
    assert {"a": {"r": [LAN]}, "r": {"a": []}} == found


def test_a_node_left_without_an_address_receives_nothing() -> None:
    """`disable-ipv4` on a node that has no IPv6 address."""
    found = peers(
        laptop("a", 1),
        router("four", 1),
        acls=[acl(["alice@example.com"], ["tag:router:*"])],
        nodeAttrs=[{"target": ["tag:router"], "attr": ["disable-ipv4"]}],
    )
    assert {"a": {}, "four": {}} == found


def test_routes_stay_where_ipv4_is_denied() -> None:
    """Capture nodeattrs-attr-c16."""
    both = node("r", "100.64.1.1", "fd7a:115c:a1e0::1", owner="tag:router", routes=[LAN])
    found = peers(laptop("a", 1), both, nodeAttrs=[{"target": ["tag:router"], "attr": ["disable-ipv4"]}])
    assert {"r": [LAN]} == found["a"]


def test_what_is_kept_for_later_nodes_never_changes_the_text() -> None:
    net = tailnet(*(laptop(f'n"{at}', at) for at in range(1, 9)), router("r", 1, LAN), router("s", 2, LAN, *EXIT))
    found = made(net)
    generous, stingy = PeerWriter(found, net), PeerWriter(found, net, budget=0)
    assert [generous.write(at) for at in range(10)] == [stingy.write(at) for at in range(10)]
