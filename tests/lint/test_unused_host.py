from __future__ import annotations

from tests.lint.checking import findings

SLUG = "unused-host"


def test_a_host_in_an_ipset_or_a_test_is_used() -> None:
    text = """{"hosts": {"a": "10.0.0.1", "b": "10.0.0.2", "c": "10.0.0.3"}, "ipsets": {"ipset:x": ["host:a"]},
        "tests": [{"src": "x@example.com", "deny": ["b:22"]}], "grants": []}"""
    assert findings(SLUG, text) == [("warning", '"c"', None)]
