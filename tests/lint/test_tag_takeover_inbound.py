from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "tag-takeover-inbound"

POLICY = """{"groups": {"group:web": ["alice@example.com"], "group:billing": ["bob@example.com"]},
    "tagOwners": {"tag:api": [], "tag:billing": [%s], "tag:ci": ["group:web"]},
    "grants": [{"src": ["tag:api", "group:billing"], "dst": ["tag:billing"], "ip": ["tcp:443"]}%s]}"""


def test_an_owner_who_reaches_none_of_the_devices_can_pose_as_one() -> None:
    assert messages(SLUG, POLICY % ('"group:billing", "group:web"', "")) == [
        (
            "`group:web` may apply `tag:billing` and so pose as such a device, but reaches none of them",
            "let those own the tag who run its devices; if these people do, open the devices to them",
        )
    ]


def test_the_way_by_another_tag_is_told_and_pointed_at() -> None:
    found = POLICY % ('"autogroup:admin", "tag:ci"', "")
    assert [span for _, span, _ in findings(SLUG, found)] == ['"tag:ci"']
    assert "`tag:billing` (by way of `tag:ci`)" in messages(SLUG, found)[0][0]


def test_owners_who_reach_the_devices_run_them() -> None:
    assert findings(SLUG, POLICY % ('"group:billing"', "")) == []
    by_tag = ', {"src": ["tag:ci"], "dst": ["tag:billing"], "ip": ["tcp:22"]}'
    assert findings(SLUG, POLICY % ('"group:web"', by_tag)) == []
    by_role = ', {"src": ["autogroup:it-admin"], "dst": ["tag:billing"], "ip": ["tcp:22"]}'
    assert findings(SLUG, POLICY % ('"group:web"', by_role)) == []


def test_what_is_gained_outwards_is_told_by_another_rule() -> None:
    outwards = ', {"src": ["tag:billing"], "dst": ["tag:api"], "ip": ["tcp:1"]}'
    assert findings(SLUG, POLICY % ('"group:web"', outwards)) == []
    assert len(findings("tag-owner-escalation", POLICY % ('"group:web"', outwards))) == 1


def test_a_tag_that_nobody_may_reach_receives_nothing() -> None:
    text = (POLICY % ('"group:web"', "")).replace('"dst": ["tag:billing"]', '"dst": ["tag:api"]')
    assert findings(SLUG, text) == []
