"""Rules that would advise what the target does not have are silent for it."""

from __future__ import annotations

import pytest

from tests.lint.checking import diagnose

OLD, NEW = "headscale@0.28", "headscale@0.29"
POLICY = """{"tagOwners": {"tag:web": ["alice@"], "tag:db": ["alice@"]},
 "acls": [{"action": "accept", "src": ["*"], "dst": ["tag:web:443"]},
          {"action": "accept", "src": ["alice@"], "dst": ["tag:db:5432"]}],
 "ssh": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["ubuntu"]}]}"""


@pytest.mark.parametrize("slug", ["no-tests", "no-sshtests", "acls-to-grants"])
def test_what_the_target_does_not_have_is_not_advised(slug: str) -> None:
    assert slug not in {each.code.slug for each in diagnose(POLICY, target=OLD)}
    assert slug in {each.code.slug for each in diagnose(POLICY, target=NEW)}


def test_nobody_outside_is_in_a_tailnet_of_headscale() -> None:
    said = {
        target: [each.message for each in diagnose(POLICY, target=target) if each.code.slug == "any-source"]
        for target in ("tailscale", NEW)
    }
    assert ["`*` is every device, also servers"] == said[NEW]
    assert ["`*` is every device, also servers and people outside to whom something is shared"] == said["tailscale"]
