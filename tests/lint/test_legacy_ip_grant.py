from __future__ import annotations

from tests.lint.checking import findings

SLUG = "legacy-ip-grant"


def test_aliases_count_and_networks_do_not() -> None:
    text = """{"hosts": {"a": "100.64.0.1", "b": "10.0.0.1"}, "acls": [
        {"action": "accept", "src": ["a", "100.64.0.0/10"], "dst": ["b:1", "fd7a:115c:a1e0::5:1", "10.9.9.9:1"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"a"', '"fd7a:115c:a1e0::5:1"']
