from __future__ import annotations

from tests.lint.checking import findings

SLUG = "whole-cgnat-as-star"


def policy(src: str) -> str:
    return f"""{{"hosts": {{"net": "100.64.0.0/10"}},
        "acls": [{{"action": "accept", "src": [{src}], "dst": ["10.0.0.1:*"]}}]}}"""


def test_by_address_and_by_alias() -> None:
    assert findings(SLUG, policy('"100.64.0.0/10"')) == [("info", '"100.64.0.0/10"', None)]
    assert findings(SLUG, policy('"net"')) == [("info", '"net"', None)]


def test_with_the_other_family_it_is_complete() -> None:
    assert findings(SLUG, policy('"100.64.0.0/10", "fd7a:115c:a1e0::/48"')) == []
    assert findings(SLUG, policy('"100.64.0.0/10", "*"')) == []


def test_a_part_of_the_range_may_be_meant() -> None:
    assert findings(SLUG, policy('"100.64.0.0/16"')) == []
