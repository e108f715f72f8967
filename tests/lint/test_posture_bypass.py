from __future__ import annotations

from tests.lint.checking import findings

SLUG = "posture-bypass"


POLICY = """{"postures": {"posture:p": ["node:os == 'linux'"]}, "tagOwners": {"tag:db": []},
    "groups": {"group:dev": ["a@example.com", "b@example.com"]}, "acls": [
    {"action": "accept", "src": ["%s"], "srcPosture": ["posture:p"], "dst": ["tag:db:5432"]}%s]}"""


def rule(src: str, dst: str) -> str:
    return f', {{"action": "accept", "src": ["{src}"], "dst": ["{dst}"]}}'


def test_two_rules_may_bypass_it_together() -> None:
    more = rule("a@example.com", "tag:db:*") + rule("b@example.com", "autogroup:tagged:5432")
    assert len(findings(SLUG, POLICY % ("group:dev", more))) == 1


def test_others_other_ports_and_other_devices_leave_it_in_force() -> None:
    for src, dst in (("a@example.com", "tag:db:*"), ("group:dev", "tag:db:443"), ("group:dev", "autogroup:self:*")):
        assert findings(SLUG, POLICY % ("group:dev", rule(src, dst))) == []


def test_the_default_posture_guards_all_rules() -> None:
    text = (POLICY % ("group:dev", rule("group:dev", "tag:db:*")))[:-1] + ', "defaultSrcPosture": ["posture:p"]}'
    assert findings(SLUG, text) == []
