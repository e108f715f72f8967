from __future__ import annotations

from tests.lint.checking import diagnose, findings

SLUG = "tag-owner-escalation"


OWNED = """{"groups": {"group:dev": ["a@example.com", "b@example.com"]}, "tagOwners": {"tag:a": [%s], "tag:db": []},
    "acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:db:5432"]}%s]}"""


def test_the_rule_that_gives_it_is_noted() -> None:
    found = [each for each in diagnose(OWNED % ('"group:dev"', "")) if each.code.slug == SLUG]
    assert [each.message for each in found] == [
        "`group:dev` may apply `tag:a` and so reach port 5432 of `tag:db`, which no rule for them opens"
    ]
    assert [(note.span.text, note.text) for note in found[0].notes] == [
        ('"tag:db:5432"', "opens port 5432 of `tag:db` to `tag:a`")
    ]


def test_who_has_it_anyway_gains_nothing() -> None:
    for dst in ("*:*", "tag:db:*", "tag:db:5000-6000", "100.64.0.9:5432"):
        more = f', {{"action": "accept", "src": ["group:dev"], "dst": ["{dst}"]}}'
        assert findings(SLUG, OWNED % ('"group:dev"', more)) == [], dst


def test_who_has_it_on_another_port_or_in_part_gains() -> None:
    for rule in ('"src": ["group:dev"], "dst": ["tag:db:443"]', '"src": ["a@example.com"], "dst": ["tag:db:5432"]'):
        assert len(findings(SLUG, OWNED % ('"group:dev"', f', {{"action": "accept", {rule}}}'))) == 1


def test_ports_add_up() -> None:
    text = """{"tagOwners": {"tag:a": ["a@example.com"], "tag:db": []}, "acls": [
        {"action": "accept", "src": ["tag:a"], "dst": ["tag:db:1-100"]},
        {"action": "accept", "src": ["a@example.com"], "dst": ["tag:db:1-50"]},
        {"action": "accept", "src": ["a@example.com"], "dst": ["tag:db:51-200"]}]}"""
    assert findings(SLUG, text) == []


def test_admins_can_change_the_policy_anyhow() -> None:
    assert findings(SLUG, OWNED % ('"autogroup:admin", "autogroup:owner"', "")) == []


def test_an_own_device_and_the_internet_are_no_gain() -> None:
    text = """{"tagOwners": {"tag:a": ["a@example.com"]}, "acls": [
        {"action": "accept", "src": ["tag:a"], "dst": ["a@example.com:*", "autogroup:internet:*"]}]}"""
    assert findings(SLUG, text) == []


def test_the_same_network_through_another_router_is_no_gain() -> None:
    text = """{"tagOwners": {"tag:a": ["a@example.com"], "tag:r": []}, "grants": [
        {"src": ["a@example.com"], "dst": ["10.0.0.0/16"], "ip": ["*"], "via": ["tag:r"]},
        {"src": ["tag:a"], "dst": ["10.0.0.0/16"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_of_tags_that_give_the_same_people_the_same_only_the_widest_is_told() -> None:
    text = """{"groups": {"group:dev": ["alice@example.com"]},
        "tagOwners": {"tag:narrow": ["group:dev"], "tag:wide": ["group:dev"], "tag:db": [], "tag:web": []},
        "grants": [{"src": ["tag:narrow"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
                   {"src": ["tag:wide"], "dst": ["tag:db", "tag:web"], "ip": ["*"]}]}"""
    found = [each for each in diagnose(text) if each.code.slug == SLUG]
    assert [each.span.text for each in found] == ['"group:dev"']
    assert "`tag:wide`" in found[0].message
    assert found[0].notes[-1].text == "they may also apply `tag:narrow`, which gives nothing more"


def test_tags_that_give_different_things_are_told_each() -> None:
    text = """{"groups": {"group:dev": ["alice@example.com"]},
        "tagOwners": {"tag:a": ["group:dev"], "tag:b": ["group:dev"], "tag:db": [], "tag:web": []},
        "grants": [{"src": ["tag:a"], "dst": ["tag:db"], "ip": ["*"]},
                   {"src": ["tag:b"], "dst": ["tag:web"], "ip": ["*"]}]}"""
    assert len(findings(SLUG, text)) == 2
