from __future__ import annotations

from tests.lint.checking import findings

SLUG = "v4-only-host"


def policy(src: str) -> str:
    return f"""{{"hosts": {{"nas": "100.64.0.9"}}, "grants": [{{"src": [{src}], "dst": ["10.0.0.1"], "ip": ["*"]}}]}}"""


def test_an_alias_is_told_of_once_where_it_is_defined() -> None:
    assert findings(SLUG, policy('"nas", "100.64.0.9"')) == [("info", '"100.64.0.9"', None)]


def test_with_an_ipv6_address_beside_it() -> None:
    assert findings(SLUG, policy('"nas", "fd7a:115c:a1e0::9"')) == []


def test_addresses_outside_the_tailnet_may_have_one_family() -> None:
    assert findings(SLUG, policy('"192.168.0.1"')) == []
