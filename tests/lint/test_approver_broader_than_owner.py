from __future__ import annotations

from tests.lint.checking import findings

SLUG = "approver-broader-than-owner"

POLICY = """{"groups": {"group:net": ["alice@example.com", "carol@example.com"], "group:dev": ["bob@example.com"]},
    "tagOwners": {"tag:router": [%s], "tag:infra": ["group:dev"]},
    "autoApprovers": {"%s": %s},
    "grants": [{"src": ["group:dev"], "dst": ["autogroup:internet", "10.1.0.0/16"], "ip": ["tcp:443"]}]}"""

ROUTES = '{"10.1.0.0/16": ["tag:router", %s]}'


def test_people_who_do_not_own_the_tag_are_told() -> None:
    text = POLICY % ('"group:net"', "routes", ROUTES % '"group:dev"')
    assert [span for _, span, _ in findings(SLUG, text)] == ['"group:dev"']
    text = POLICY % ('"group:net"', "exitNode", '["tag:router", "bob@example.com"]')
    assert [span for _, span, _ in findings(SLUG, text)] == ['"bob@example.com"']


def test_owners_by_any_name_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ('"group:net"', "routes", ROUTES % '"carol@example.com"')) == []
    assert findings(SLUG, POLICY % ('"tag:infra"', "routes", ROUTES % '"group:dev"')) == []
    owners = '"alice@example.com", "carol@example.com"'
    assert findings(SLUG, POLICY % (owners, "routes", ROUTES % '"group:net"')) == []
    assert findings(SLUG, POLICY % ('"autogroup:member"', "routes", ROUTES % '"group:dev"')) == []


def test_admins_and_lists_without_a_tag_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ('"group:net"', "routes", ROUTES % '"autogroup:admin"')) == []
    assert findings(SLUG, POLICY % ('"group:net"', "exitNode", '["group:dev"]')) == []
