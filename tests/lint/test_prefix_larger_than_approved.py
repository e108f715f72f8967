from __future__ import annotations

from tests.lint.checking import findings, messages, tailnet_of

SLUG = "prefix-larger-than-approved"

POLICY = """{"tagOwners": {"tag:r": []}, "hosts": {"site": "10.0.0.0/8"},
    "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:r"], "10.2.0.0/16": ["tag:r"], "0.0.0.0/0": ["tag:r"]}},
    "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["%s:443"]}]}"""


def test_what_can_be_routed_is_told() -> None:
    assert [message for message, _ in messages(SLUG, POLICY % "10.0.0.0/8")] == [
        "of `10.0.0.0/8` only `10.1.0.0/16` and 1 more can be routed"
    ]
    assert [message for message, _ in messages(SLUG, POLICY % "site")] == [
        "of `site` only `10.1.0.0/16` and 1 more can be routed"
    ]


def test_a_network_that_is_all_routed_or_not_at_all_is_left_alone() -> None:
    for dst in ("10.1.0.0/16", "10.1.9.0/24", "10.3.0.0/16", "100.64.0.0/10", "8.0.0.0/8", "*"):
        assert findings(SLUG, POLICY % dst) == [], dst


def test_the_routes_of_a_known_tailnet_count_instead() -> None:
    tailnet = tailnet_of(
        """{"schema_version": 1, "users": [], "nodes": [{"name": "r", "addresses": ["100.64.0.1"], "tags": ["tag:r"],
            "advertised_routes": ["10.0.0.0/8"], "approved_routes": ["10.0.0.0/8"]}]}"""
    )
    assert findings(SLUG, POLICY % "10.0.0.0/8", tailnet) == []
