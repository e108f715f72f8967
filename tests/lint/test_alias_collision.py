from __future__ import annotations

from tests.lint.checking import findings

SLUG = "alias-collision"


def policy(dst: str) -> str:
    return f"""{{"hosts": {{"a": "10.0.0.5", "b": "10.0.0.5/32", "net": "10.0.0.0/24"}},
        "grants": [{{"src": ["*"], "dst": [{dst}], "ip": ["*"]}}]}}"""


def test_only_aliases_in_use() -> None:
    assert findings(SLUG, policy('"a", "b"')) == [("warning", '"b"', None)]
    assert findings(SLUG, policy('"a"')) == []


def test_a_network_around_a_host_is_no_collision() -> None:
    assert findings(SLUG, policy('"a", "net"')) == []
