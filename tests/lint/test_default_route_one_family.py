from __future__ import annotations

from tests.lint.checking import findings

SLUG = "default-route-one-family"


def policy(routes: str) -> str:
    return (
        f"""{{"tagOwners": {{"tag:a": [], "tag:b": []}}, "grants": [], "autoApprovers": {{"routes": {{{routes}}}}}}}"""
    )


def test_both_families_need_the_same_approvers() -> None:
    assert findings(SLUG, policy('"0.0.0.0/0": ["tag:a"], "::/0": ["tag:a"]')) == []
    assert findings(SLUG, policy('"0.0.0.0/0": ["tag:a", "tag:b"], "::/0": ["tag:a"]')) == [
        ("warning", '"0.0.0.0/0"', None)
    ]


def test_ipv6_alone_counts_too_and_narrower_routes_do_not() -> None:
    assert len(findings(SLUG, policy('"::/0": ["tag:a"]'))) == 1
    assert findings(SLUG, policy('"10.0.0.0/8": ["tag:a"]')) == []
