from __future__ import annotations

from tests.lint.checking import findings

SLUG = "drive-rw-wildcard"


POLICY = """{"tagOwners": {"tag:n": []}, "grants": [{"src": ["%s"], "dst": ["%s"],
    "app": {"tailscale.com/cap/drive": [{"shares": ["%s"], "access": "rw"}]}}]}"""


def test_own_devices_named_shares_and_named_people_are_fine() -> None:
    assert len(findings(SLUG, POLICY % ("*", "tag:n", "*"))) == 1
    for parts in (("a@example.com", "tag:n", "*"), ("autogroup:member", "tag:n", "docs")):
        assert findings(SLUG, POLICY % parts) == []
