from __future__ import annotations

from tests.lint.checking import findings

SLUG = "approved-route-unreachable"


POLICY = """{"tagOwners": {"tag:r": []}, "hosts": {"h": "10.0.0.7"}, "ipsets": {"ipset:i": ["10.0.0.0/8"]},
    "autoApprovers": {"routes": {"%s": ["tag:r"]}}, "acls": [
    {"action": "accept", "src": ["*"], "dst": ["%s"]}]}"""


def test_any_overlap_by_any_name_counts() -> None:
    for dst in ("*:80", "h:80", "ipset:i:80", "10.0.0.128/25:80", "0.0.0.0/0:80"):
        assert findings(SLUG, POLICY % ("10.0.0.0/24", dst)) == [], dst
    assert len(findings(SLUG, POLICY % ("10.0.0.0/24", "10.0.1.0/24:80"))) == 1


def test_public_addresses_behind_an_app_connector_and_default_routes_are_left_out() -> None:
    assert findings(SLUG, POLICY % ("9.9.9.0/24", "autogroup:internet:443")) == []
    assert findings(SLUG, POLICY % ("0.0.0.0/0", "autogroup:self:443")) == []
