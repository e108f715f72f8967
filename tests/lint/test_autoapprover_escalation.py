from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "autoapprover-escalation"

POLICY = """{"groups": {"group:dev": ["alice@example.com"], "group:sales": ["bob@example.com"]},
    "tagOwners": {"tag:router": [%s], "tag:infra": ["group:dev"]},
    "autoApprovers": {"routes": {"10.1.0.0/16": [%s]}},
    "grants": [{"src": ["group:sales"], "dst": ["10.1.2.0/24"], "ip": ["tcp:443"]}%s]}"""


def test_the_owners_of_a_tag_are_who_can_become_its_router() -> None:
    assert messages(SLUG, POLICY % ('"group:dev"', '"tag:router"', "")) == [
        (
            "`group:dev` can become the router of `10.1.0.0/16` by applying `tag:router`, where no rule lets them in",
            "let admins apply the tag or approve the route, or open the network to them if they run it",
        )
    ]
    assert [span for _, span, _ in findings(SLUG, POLICY % ('"tag:infra"', '"tag:router"', ""))] == ['"tag:router"']


def test_people_may_be_approvers_themselves() -> None:
    assert [span for _, span, _ in findings(SLUG, POLICY % ("", '"group:dev"', ""))] == ['"group:dev"']


def test_who_reaches_some_of_the_network_is_left_alone() -> None:
    own = ', {"src": ["group:dev"], "dst": ["10.1.9.9"], "ip": ["tcp:22"]}'
    assert findings(SLUG, POLICY % ('"group:dev"', '"tag:router"', own)) == []
    by_role = ', {"src": ["autogroup:it-admin"], "dst": ["10.1.9.9"], "ip": ["tcp:22"]}'
    assert findings(SLUG, POLICY % ('"group:dev"', '"tag:router"', by_role)) == []


def test_what_the_tags_of_the_owner_reach_counts() -> None:
    by_tag = ', {"src": ["tag:infra"], "dst": ["10.1.9.9"], "ip": ["tcp:22"]}'
    assert findings(SLUG, POLICY % ('"group:dev"', '"tag:router"', by_tag)) == []


def test_admins_gain_nothing() -> None:
    assert findings(SLUG, POLICY % ('"autogroup:admin"', '"tag:router"', "")) == []


def test_a_network_that_nobody_may_use_is_another_rules() -> None:
    text = (POLICY % ('"group:dev"', '"tag:router"', "")).replace("10.1.2.0/24", "10.2.0.0/16")
    assert findings(SLUG, text) == []
