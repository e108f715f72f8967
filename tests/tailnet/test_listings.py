"""Listings of other tools, read as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aclc.net import parse_prefix
from aclc.source import Source
from aclc.tailnet.load import load_tailnet, load_tailnets
from aclc.tailnet.model import Node, Tailnet

STATUS: dict[str, Any] = {
    "Version": "1.80.2",
    "BackendState": "Running",
    "TailscaleIPs": ["100.64.0.1", "fd7a:115c:a1e0::1"],
    "Self": {
        "ID": "n1CNTRL",
        "HostName": "Odin's laptop",
        "DNSName": "laptop.tail1234.ts.net.",
        "OS": "macOS",
        "UserID": 12,
        "TailscaleIPs": ["fd7a:115c:a1e0::1", "100.64.0.1"],
        "AllowedIPs": ["100.64.0.1/32", "fd7a:115c:a1e0::1/128"],
        "Created": "2026-04-12T20:14:00.25Z",
        "Online": True,
    },
    "MagicDNSSuffix": "tail1234.ts.net",
    "CurrentTailnet": {"Name": "example.com", "MagicDNSSuffix": "tail1234.ts.net", "MagicDNSEnabled": True},
    "Peer": {
        "nodekey:a": {
            "ID": "n2CNTRL",
            "HostName": "router",
            "DNSName": "router.tail1234.ts.net.",
            "OS": "linux",
            "UserID": 99,
            "TailscaleIPs": ["100.64.0.2"],
            "AllowedIPs": ["100.64.0.2/32", "10.33.0.0/16", "0.0.0.0/0", "::/0"],
            "PrimaryRoutes": ["10.33.0.0/16"],
            "Tags": ["tag:router"],
            "Created": "2026-04-12T20:14:00Z",
            "Online": False,
            "ExitNodeOption": True,
        },
        "nodekey:b": {
            "ID": "n3CNTRL",
            "HostName": "guest",
            "DNSName": "guest.other.ts.net.",
            "OS": "plan9",
            "UserID": 7,
            "AltSharerUserID": 8,
            "TailscaleIPs": ["100.64.0.3"],
            "AllowedIPs": ["100.64.0.3/32"],
            "Created": "0001-01-01T00:00:00Z",
            "Online": True,
        },
        "nodekey:c": {
            "ID": "n4CNTRL",
            "HostName": "device-of-shared-to-user",
            "ShareeNode": True,
            "TailscaleIPs": None,
        },
    },
    "User": {
        "12": {"ID": 12, "LoginName": "odin@example.com", "DisplayName": "Odin"},
        "7": {"ID": 7, "LoginName": "guest@elsewhere.org"},
        "99": {"ID": 99, "LoginName": "tagged-devices"},
    },
}
"""As `tailscale status --json` prints it, most fields left out."""

NETMAP: dict[str, Any] = {
    "SelfNode": {
        "ID": 1,
        "StableID": "n1CNTRL",
        "Name": "laptop.tail1234.ts.net.",
        "User": 12,
        "Addresses": ["100.64.0.1/32", "fd7a:115c:a1e0::1/128"],
        "AllowedIPs": ["100.64.0.1/32", "fd7a:115c:a1e0::1/128"],
        "Hostinfo": {"OS": "windows", "OSVersion": "10.0.22631.3155", "IPNVersion": "1.66.3-t1d2e3-g4f5a6"},
        "Created": "2026-04-12T20:14:00Z",
    },
    "Domain": "example.com",
    "Peers": [
        {
            "StableID": "n2CNTRL",
            "Name": "router.tail1234.ts.net.",
            "User": 99,
            "Addresses": ["100.64.0.2/32"],
            "AllowedIPs": ["100.64.0.2/32", "10.33.0.0/16"],
            "Tags": ["tag:router"],
            "Created": "2026-04-12T20:14:01Z",
            "Online": False,
        }
    ],
    "UserProfiles": {"12": {"ID": 12, "LoginName": "odin@example.com"}, "99": {"LoginName": "tagged-devices"}},
}

DEVICES: dict[str, Any] = {
    "devices": [
        {
            "id": "92960230385",
            "nodeId": "n1CNTRL",
            "name": "laptop.tail1234.ts.net",
            "hostname": "Laptop",
            "user": "odin@example.com",
            "addresses": ["100.64.0.1", "fd7a:115c:a1e0::1"],
            "os": "iOS",
            "clientVersion": "1.66.3-t1d2e3-g4f5a6",
            "created": "2026-04-12T20:14:00Z",
            "isExternal": False,
            "advertisedRoutes": [],
            "enabledRoutes": [],
        },
        {
            "nodeId": "n2CNTRL",
            "name": "router.tail1234.ts.net",
            "user": "odin@example.com",
            "tags": ["tag:router"],
            "addresses": ["100.64.0.2"],
            "os": "linux",
            "created": "2026-04-12T20:14:01Z",
            "advertisedRoutes": ["10.33.0.0/16", "192.168.0.0/24"],
            "enabledRoutes": ["10.33.0.0/16", "172.16.0.0/12"],
            "connectedToControl": False,
        },
        {
            "nodeId": "n3CNTRL",
            "name": "guest.other.ts.net",
            "user": "guest@elsewhere.org",
            "addresses": ["100.64.0.3"],
            "created": "",
            "isExternal": True,
        },
    ]
}
USERS: dict[str, Any] = {
    "users": [
        {
            "id": "1",
            "loginName": "thor@example.com",
            "role": "member",
            "type": "member",
            "created": "2026-02-01T00:00:00Z",
        },
        {
            "id": "2",
            "loginName": "odin@example.com",
            "role": "owner",
            "type": "member",
            "created": "2026-01-01T00:00:00Z",
        },
        {
            "id": "3",
            "loginName": "guest@elsewhere.org",
            "role": "member",
            "type": "shared",
            "created": "2025-01-01T00:00:00Z",
        },
    ]
}

HEADSCALE_026: list[dict[str, Any]] = [
    {
        "id": 2,
        "machine_key": "mkey:00",
        "ip_addresses": ["100.64.0.1", "fd7a:115c:a1e0::1"],
        "name": "laptop",
        "user": {"id": 2, "name": "odin", "email": "odin@example.com", "created_at": {"seconds": 1}},
        "created_at": {"seconds": 1776024840, "nanos": 5},
        "register_method": 2,
        "given_name": "laptop",
        "online": True,
    },
    {
        "id": 3,
        "ip_addresses": ["100.64.0.2"],
        "name": "router",
        "given_name": "router-x1",
        "user": {"id": 1, "name": "thor"},
        "created_at": {"seconds": 1776024840},
        "forced_tags": ["tag:router"],
        "valid_tags": ["tag:router", "tag:site"],
        "invalid_tags": ["tag:other"],
        "approved_routes": ["10.33.0.0/16", "172.16.0.0/12"],
        "available_routes": ["10.33.0.0/16", "192.168.0.0/24"],
        "subnet_routes": ["10.33.0.0/16"],
    },
]


def loaded(*records: Any) -> tuple[Tailnet, list[str]]:
    """Give the tailnet of listings, and what was found in them."""
    outcome = load_tailnets([Source(f"{at}.json", json.dumps(record)) for at, record in enumerate(records)])
    assert outcome.value is not None, [found.message for found in outcome.diagnostics]
    return outcome.value, [found.code.id for found in outcome.diagnostics]


def prefixes(*texts: str) -> tuple[object, ...]:
    return tuple(parse_prefix(text) for text in texts)


def addresses(node: Node) -> list[str]:
    return [str(address) for address in node.addresses]


def test_a_status() -> None:
    tailnet, found = loaded(STATUS)
    laptop, router, guest = tailnet.nodes
    assert ("example.com", ["guest@elsewhere.org", "odin@example.com"]) == (
        tailnet.name,
        [user.login for user in tailnet.users],
    )
    assert ("laptop", "n1CNTRL", "odin@example.com", 1776024840_250_000_000) == (
        laptop.name,
        laptop.id,
        laptop.user,
        laptop.created,
    )
    assert (["100.64.0.1", "fd7a:115c:a1e0::1"], {"node:os": "macos"}) == (addresses(laptop), dict(laptop.posture))
    assert (None, ("tag:router",), False) == (router.user, router.tags, router.online)
    assert prefixes("10.33.0.0/16", "0.0.0.0/0", "::/0") == router.approved_routes == router.advertised_routes
    assert ("guest.other.ts.net", True, None, {}) == (guest.name, guest.shared, guest.created, dict(guest.posture))
    assert ["TLN019", "TLN020", "TLN021"] == found


def test_a_netmap() -> None:
    tailnet, found = loaded(NETMAP)
    laptop, router = tailnet.nodes
    assert ("example.com", ["laptop", "router"]) == (tailnet.name, [node.name for node in tailnet.nodes])
    assert (["100.64.0.1", "fd7a:115c:a1e0::1"], "odin@example.com", True) == (
        addresses(laptop),
        laptop.user,
        laptop.online,
    )
    assert {"node:os": "windows", "node:osVersion": "10.0.22631.3155", "node:tsVersion": "1.66.3"} == dict(
        laptop.posture
    )
    assert (None, prefixes("10.33.0.0/16"), False) == (router.user, router.approved_routes, router.online)
    assert ["TLN020", "TLN021"] == found


def test_devices_and_users_of_the_api_complete_each_other() -> None:
    tailnet, found = loaded(DEVICES, USERS)
    laptop, router, guest = tailnet.nodes
    assert [("odin@example.com", "owner"), ("thor@example.com", "member")] == [user[:2] for user in tailnet.users]
    assert ("laptop", "n1CNTRL", ()) == (laptop.name, laptop.id, laptop.approved_routes)
    assert {"node:os": "ios", "node:tsVersion": "1.66.3"} == dict(laptop.posture)
    assert (None, ("tag:router",), False) == (router.user, router.tags, router.online)
    assert prefixes("10.33.0.0/16", "192.168.0.0/24") == router.advertised_routes
    assert prefixes("10.33.0.0/16") == router.approved_routes
    assert ("guest.other.ts.net", True, "guest@elsewhere.org") == (guest.name, guest.shared, guest.user)
    assert [] == found


def test_devices_alone_have_no_roles() -> None:
    tailnet, found = loaded(DEVICES)
    assert [("odin@example.com", "member")] == [user[:2] for user in tailnet.users]
    assert ["TLN021"] == found


def test_devices_asked_for_without_all_fields_have_no_routes() -> None:
    plain = {
        "devices": [
            {key: value for key, value in device.items() if not key.endswith("Routes")} for device in DEVICES["devices"]
        ]
    }
    tailnet, found = loaded(plain, USERS)
    assert [None, None, None] == [node.approved_routes for node in tailnet.nodes]
    assert ["TLN020"] == found


def test_users_alone() -> None:
    tailnet, found = loaded(USERS)
    assert (2, 0, []) == (len(tailnet.users), len(tailnet.nodes), found)


def test_nodes_of_headscale_since_routes_are_listed_with_them() -> None:
    tailnet, found = loaded(HEADSCALE_026)
    laptop, router = tailnet.nodes
    assert ["thor@", "odin@example.com"] == [user.login for user in tailnet.users]
    assert ("laptop", "2", "odin@example.com", 1776024840_000_000_005, True) == (
        laptop.name,
        laptop.id,
        laptop.user,
        laptop.created,
        laptop.online,
    )
    assert ("router-x1", None, ("tag:router", "tag:site"), False) == (
        router.name,
        router.user,
        router.tags,
        router.online,
    )
    assert prefixes("10.33.0.0/16", "192.168.0.0/24") == router.advertised_routes
    assert prefixes("10.33.0.0/16") == router.approved_routes
    assert [] == found


def test_nodes_of_old_headscale_have_no_routes() -> None:
    old = [{key: value for key, value in node.items() if not key.endswith("routes")} for node in HEADSCALE_026]
    tailnet, found = loaded(old)
    assert [None, None] == [node.approved_routes for node in tailnet.nodes]
    assert ["TLN020"] == found


def test_nodes_of_new_headscale_have_one_list_of_tags() -> None:
    new = {
        "id": 1,
        "given_name": "a",
        "ip_addresses": ["100.64.0.9"],
        "tags": ["tag:x"],
        "user": {"name": "tagged-devices"},
    }
    tailnet, _ = loaded([new])
    assert ((), None, ("tag:x",)) == (tailnet.users, tailnet.nodes[0].user, tailnet.nodes[0].tags)


def test_nodes_of_the_rest_api_of_headscale() -> None:
    node = {
        "id": "4",
        "givenName": "web",
        "ipAddresses": ["100.64.0.4"],
        "user": {"id": "1", "name": "odin"},
        "createdAt": "2026-04-12T20:14:00Z",
        "approvedRoutes": [],
        "availableRoutes": ["10.0.0.0/8"],
        "online": True,
    }
    tailnet, found = loaded({"nodes": [node]})
    assert ("web", "odin@", (), True) == (
        tailnet.nodes[0].name,
        tailnet.nodes[0].user,
        tailnet.nodes[0].approved_routes,
        tailnet.nodes[0].online,
    )
    assert [] == found


def test_an_empty_list_is_an_empty_headscale() -> None:
    assert (Tailnet("", (), (), ()), []) == loaded([])


def test_a_role_file_completes_a_status() -> None:
    tailnet, found = loaded(STATUS, {"users": [{"login": "odin@example.com", "role": "owner"}]})
    assert "owner" == next(user.role for user in tailnet.users if user.login == "odin@example.com")
    assert ["TLN019", "TLN020"] == found


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"Self": {"TailscaleIPs": "x"}, "Peer": {}}, ("TLN003", '"x"', "`TailscaleIPs` must be a list, not a string")),
        (
            {"devices": [{"addresses": ["100.64.0.1"]}]},
            ("TLN004", '{"addresses": ["100.64.0.1"]}', "item 1 of `devices` has no `name`"),
        ),
        (
            {"devices": [{"name": "a.b", "addresses": ["x"], "user": "a@b"}]},
            ("TLN007", '"x"', "`x` is not an IP address"),
        ),
        (
            {"users": [{"loginName": "a@b", "role": "boss"}]},
            ("TLN006", '"boss"', "`role` cannot be `boss`"),
        ),
        (
            [{"given_name": "a", "ip_addresses": [1]}],
            ("TLN003", "1", "item 1 of `ip_addresses` must be a string, not a number"),
        ),
        (
            {"SelfNode": {"Name": "a.", "Addresses": ["100.64.0.1/32"], "AllowedIPs": ["10.0.0.1/8"]}},
            ("TLN008", '"10.0.0.1/8"', "`10.0.0.1/8` has bits set below its mask"),
        ),
    ],
)
def test_faults_in_listings_are_told_with_their_place(record: Any, expected: tuple[str, str, str]) -> None:
    found = load_tailnet(Source("x.json", json.dumps(record))).diagnostics[0]
    assert expected == (found.code.id, found.span.text, found.message)
