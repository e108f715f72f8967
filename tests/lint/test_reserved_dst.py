from __future__ import annotations

import pytest

from tests.lint.checking import findings

SLUG = "reserved-dst"


def policy(dst: str) -> str:
    return f"""{{"hosts": {{"h": "127.0.0.1"}}, "grants": [{{"src": ["*"], "dst": ["{dst}"], "ip": ["*"]}}]}}"""


@pytest.mark.parametrize("dst", ["h", "169.254.1.1", "224.0.0.0/8", "fe80::1", "fd7a:115c:a1e0::53", "255.255.255.255"])
def test_addresses_that_are_never_routed(dst: str) -> None:
    assert findings(SLUG, policy(dst)) == [("warning", f'"{dst}"', None)]


@pytest.mark.parametrize("dst", ["100.100.100.0/24", "10.0.0.1", "100.64.0.1", "2001:db8::1", "8.8.8.8"])
def test_all_others_may_be(dst: str) -> None:
    assert findings(SLUG, policy(dst)) == []
