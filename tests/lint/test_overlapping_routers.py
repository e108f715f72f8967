from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "overlapping-routers"


def policy(routes: str) -> str:
    return f"""{{"tagOwners": {{"tag:a": [], "tag:b": [], "tag:c": []}}, "autoApprovers": {{"routes": {{{routes}}}}},
        "grants": [{{"src": ["autogroup:member"], "dst": ["10.0.0.0/8", "fd00::/8"], "ip": ["tcp:443"]}}]}}"""


def test_the_narrowest_key_around_is_named() -> None:
    found = messages(SLUG, policy('"10.0.0.0/8": ["tag:a"], "10.9.0.0/16": ["tag:b"], "10.9.9.0/24": ["tag:c"]'))
    assert [message for message, _ in found] == [
        "`tag:a` may serve `10.9.0.0/16` too, which lies in `10.0.0.0/8`",
        "`tag:b` may serve `10.9.9.0/24` too, which lies in `10.9.0.0/16`",
    ]


def test_both_families_count() -> None:
    assert len(findings(SLUG, policy('"fd00::/32": ["tag:a"], "fd00::/64": ["tag:b"]'))) == 1


def test_a_shared_approver_a_neighbour_and_a_default_route_are_left_alone() -> None:
    assert findings(SLUG, policy('"10.0.0.0/8": ["tag:a", "tag:b"], "10.9.0.0/16": ["tag:b"]')) == []
    assert findings(SLUG, policy('"10.0.0.0/16": ["tag:a"], "10.1.0.0/16": ["tag:b"]')) == []
    assert findings(SLUG, policy('"0.0.0.0/0": ["tag:a"], "10.9.0.0/16": ["tag:b"]')) == []
