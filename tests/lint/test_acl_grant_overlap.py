from __future__ import annotations

from tests.lint.checking import findings

SLUG = "acl-grant-overlap"


def policy(acl: str, ip: str) -> str:
    return f"""{{"tagOwners": {{"tag:a": []}}, "acls": [{{"action": "accept", {acl}}}],
        "grants": [{{"src": ["tag:a"], "dst": ["tag:a"], "ip": ["{ip}"], "app": {{"example.com/cap": [{{}}]}}}}]}}"""


def test_within_a_wider_acl() -> None:
    assert findings(SLUG, policy('"src": ["autogroup:tagged"], "dst": ["tag:a:1-100"]', "80")) == [
        ("info", '["80"]', None)
    ]


def test_a_port_more_is_enough_to_be_needed() -> None:
    assert findings(SLUG, policy('"src": ["autogroup:tagged"], "dst": ["tag:a:1-100"]', "80-101")) == []


def test_under_an_acl_that_opens_everything_all_is_pointless_anyway() -> None:
    assert findings(SLUG, policy('"src": ["*"], "dst": ["*:*"]', "80")) == []
