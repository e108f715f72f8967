"""Which advertised routes autoApprovers approve (reference §7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from aclc.tailnet.model import Node
from tests.filters.small_tailnets import node, prefix, resolved, tailnet

ROLES = {"olga@example.com": "owner", "adam@example.com": "admin", "nina@example.com": "network-admin"}


def approved(routes: Sequence[str], owner: str, auto_approvers: dict[str, Any], **facts: Any) -> list[str]:
    """Give the approved routes of a node with this owner that advertises these routes."""
    router = advertising(routes, owner, **facts)
    others = [node(f"other{at}", f"100.64.1.{at}", owner=login) for at, login in enumerate(ROLES)]
    found = resolved(
        tailnet(*others, router, roles=ROLES),
        autoApprovers=auto_approvers,
        groups={"group:net": ["alice@example.com"]},
        tagOwners={"tag:router": [], "tag:exit": []},
    )
    return [each.cidr for each in found.approved[-1]]


def advertising(routes: Sequence[str], owner: str, **facts: Any) -> Node:
    """Give a node whose tailnet file does not tell what is approved."""
    advertised = tuple(prefix(each) for each in routes)
    return node("r", "100.64.0.1", owner=owner, routes=None, advertised_routes=advertised, **facts)


@pytest.mark.parametrize(
    ("key", "route", "is_approved"),
    [
        ("10.33.0.0/16", "10.33.0.0/16", True),
        ("10.0.0.0/8", "10.33.0.0/16", True),
        ("10.33.0.0/24", "10.33.0.0/16", False),
        ("10.34.0.0/16", "10.33.0.0/16", False),
        ("0.0.0.0/0", "10.33.0.0/16", True),
        ("::/0", "10.33.0.0/16", False),
        ("::/0", "fd00:1::/64", True),
        ("0.0.0.0/0", "fd00:1::/64", False),
        ("fd00::/16", "fd00:1::/64", True),
        ("0.0.0.0/0", "0.0.0.0/0", False),
        ("::/0", "::/0", False),
    ],
)
def test_a_key_approves_the_subnet_routes_inside_it_but_no_exit_route(key: str, route: str, is_approved: bool) -> None:
    found = approved([route], "tag:router", {"routes": {key: ["tag:router"]}})
    assert ([route] if is_approved else []) == found


def test_exit_routes_are_approved_by_exit_node_alone() -> None:
    routes = ["10.33.0.0/16", "0.0.0.0/0", "::/0"]
    assert ["0.0.0.0/0", "::/0"] == approved(routes, "tag:exit", {"exitNode": ["tag:exit"]})
    assert [] == approved(routes, "tag:router", {"exitNode": ["tag:exit"]})


def test_any_of_several_keys_is_enough_and_the_advertised_order_stays() -> None:
    keys = {"routes": {"10.0.0.0/8": ["tag:exit"], "10.33.0.0/16": ["tag:router"], "172.16.0.0/12": ["tag:router"]}}
    routes = ["172.16.0.0/24", "10.33.1.0/24", "10.34.0.0/16", "172.16.0.0/24"]
    assert ["172.16.0.0/24", "10.33.1.0/24"] == approved(routes, "tag:router", keys)


@pytest.mark.parametrize(
    ("approver", "owner", "is_approved"),
    [
        ("tag:router", "tag:exit tag:router", True),
        ("autogroup:tagged", "tag:exit", True),
        ("autogroup:tagged", "alice@example.com", False),
        ("alice@example.com", "alice@example.com", True),
        ("alice@example.com", "adam@example.com", False),
        ("group:net", "alice@example.com", True),
        ("group:net", "tag:router", False),
        ("user:*@example.com", "alice@example.com", True),
        ("autogroup:member", "alice@example.com", True),
        ("autogroup:member", "tag:router", False),
        ("autogroup:network-admin", "nina@example.com", True),
        ("autogroup:network-admin", "alice@example.com", False),
        ("autogroup:admin", "olga@example.com", True),
        ("autogroup:owner", "adam@example.com", False),
        ("*", "tag:router", False),
        ("100.64.0.1", "tag:router", False),
    ],
)
def test_a_node_is_approved_by_its_tags_or_else_by_its_owner(approver: str, owner: str, is_approved: bool) -> None:
    routes = ["10.33.0.0/16", "0.0.0.0/0"]
    found = approved(routes, owner, {"routes": {"10.0.0.0/8": [approver]}, "exitNode": [approver]})
    assert (routes if is_approved else []) == found


def test_what_the_tailnet_file_says_wins() -> None:
    keys = {"routes": {"10.0.0.0/8": ["tag:router"]}}
    told = (prefix("192.168.0.0/24"),)
    router = advertising(["10.33.0.0/16"], "tag:router")
    for approved_routes in (told, ()):
        net = tailnet(router._replace(approved_routes=approved_routes))
        found = resolved(net, autoApprovers=keys, tagOwners={"tag:router": []})
        assert (approved_routes,) == found.approved


def test_a_node_that_was_shared_in_serves_no_routes() -> None:
    keys = {"routes": {"10.0.0.0/8": ["eve@stranger.net"]}}
    assert [] == approved(["10.33.0.0/16"], "eve@stranger.net", keys, shared=True)
