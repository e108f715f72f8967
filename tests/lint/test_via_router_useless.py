from __future__ import annotations

from tests.lint.checking import findings, tailnet_of

SLUG = "via-router-useless"


TAILNET = """{"schema_version": 1, "nodes": [{"name": "r", "addresses": ["100.64.0.1"], "tags": ["tag:r"],
    "advertised_routes": ["10.0.0.0/24"], "approved_routes": ["10.0.0.0/24"]}]}"""
POLICY = """{"tagOwners": {"tag:r": []}, "grants": [
    {"src": ["*"], "dst": ["%s"], "ip": ["*"], "via": ["tag:r"]}]}"""


def test_routes_are_known_with_a_tailnet_only() -> None:
    tailnet = tailnet_of(TAILNET)
    assert findings(SLUG, POLICY % "10.0.1.0/24") == []
    assert len(findings(SLUG, POLICY % "10.0.1.0/24", tailnet)) == 1
    assert findings(SLUG, POLICY % "10.0.0.0/24", tailnet) == []
