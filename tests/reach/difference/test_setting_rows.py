"""What is set otherwise beside rules and names: nothing of a policy changes without a word."""

from __future__ import annotations

import json

import pytest

from aclc.policy.read_hujson import read_policy
from aclc.reach.difference.diff import Diff, diff
from aclc.reports.diff_blocks import headline
from aclc.reports.diff_json import diff_document
from aclc.reports.preview import Preview
from aclc.reports.preview_html import preview_html
from aclc.reports.preview_markdown import preview_markdown
from aclc.source import Source
from tests.properties.strategies import Json
from tests.reach.engine import policy_of
from tests.reports.schemas import DIFF

DERP: Json = {"regions": {"900": {"regionID": 900, "nodes": [{"name": "a", "regionID": 900, "hostName": "a.example"}]}}}
OTHER_DERP: Json = json.loads(json.dumps(DERP).replace("a.example", "b.example"))
TIER: Json = {"custom:tier": {"type": "string"}}
BASE: Json = {
    "tagOwners": {"tag:web": []},
    "postures": {"posture:new": ["node:tsVersion >= '1.60'"], "posture:gold": ["custom:tier == 'gold'"]},
    "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:443"], "srcPosture": ["posture:gold"]}],
}

CHANGES: list[tuple[Json, Json, str, str, str]] = [
    ({"disableIPv4": True}, {}, "disableIPv4", "true", "false"),
    ({"OneCGNATRoute": "mac-never"}, {}, "OneCGNATRoute", '"mac-never"', ""),
    ({"randomizeClientPort": True}, {}, "randomizeClientPort", "true", "false"),
    ({"derpMap": DERP}, {"derpMap": OTHER_DERP}, "derpMap.regions.900.nodes[0].hostName", '"a.example"', '"b.example"'),
    ({"derpMap": {**DERP, "omitDefaultRegions": True}}, {"derpMap": DERP}, "derpMap.omitDefaultRegions", "true", ""),
    ({"defaultSrcPosture": ["posture:new"]}, {}, "defaultSrcPosture", '["posture:new"]', ""),
    (
        {"postures": {**BASE["postures"], "posture:new": ["node:os == 'linux'"]}},
        {},
        "postures.posture:new",
        "[\"node:os == 'linux'\"]",
        "[\"node:tsVersion >= '1.60'\"]",
    ),
    (
        {"attrConfig": {"custom:tier": {"type": "string", "broadcastToPeers": ["*"]}}},
        {"attrConfig": TIER},
        "attrConfig.custom:tier.broadcastToPeers",
        '["*"]',
        "[]",
    ),
    (
        {"nodeAttrs": [{"target": ["tag:web"], "ipPool": ["100.81.0.0/16"]}]},
        {"nodeAttrs": [{"target": ["tag:web"], "ipPool": ["100.82.0.0/16"]}]},
        "ipPool of tag:web",
        '["100.81.0.0/16"]',
        '["100.82.0.0/16"]',
    ),
]


def changed(old: Json, new: Json) -> Diff:
    return diff(policy_of({**BASE, **old}), policy_of({**BASE, **new}))


@pytest.mark.parametrize(("old", "new", "name", "before", "after"), CHANGES, ids=[each[2] for each in CHANGES])
def test_what_is_set_otherwise_is_told_both_ways(old: Json, new: Json, name: str, before: str, after: str) -> None:
    assert [(name, before, after)] == [each[:3] for each in changed(old, new).settings]
    assert [(name, after, before)] == [each[:3] for each in changed(new, old).settings]
    assert () == changed(old, old).settings


@pytest.mark.parametrize(("old", "new", "name"), [each[:3] for each in CHANGES], ids=[each[2] for each in CHANGES])
def test_every_form_of_the_answer_tells_it(old: Json, new: Json, name: str) -> None:
    policies = policy_of({**BASE, **old}), policy_of({**BASE, **new})
    from aclc.reach.difference.diff import comparison

    preview = Preview("old.hujson", "new.hujson", policies, comparison(*policies), (), (), (), 0)
    found = changed(old, new)
    document = diff_document(found)

    assert name.partition(" ")[0].partition(".")[0] in headline(found)
    assert f"`{name}`" in preview_markdown(preview)
    assert f"<code>{name}</code>" in preview_html(preview)
    DIFF.validate(document)
    assert [name] == [each["key"] for each in document["settings"]]


def test_a_section_that_no_control_plane_knows_is_told() -> None:
    texts = ('{"grants": [], "extraDNSRecords": [1]}', '{"grants": [], "extraDNSRecords": [2]}')
    old, new = (read_policy(Source("policy.hujson", text)).value for text in texts)

    assert old is not None
    assert new is not None
    assert [("extraDNSRecords", "[1]", "[2]")] == [each[:3] for each in diff(old, new).settings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"disableIPv4": False, "randomizeClientPort": False, "OneCGNATRoute": "", "defaultSrcPosture": []}),
        (
            {"defaultSrcPosture": ["posture:new", "posture:gold"]},
            {"defaultSrcPosture": ["posture:gold", "posture:new"]},
        ),
        ({"attrConfig": TIER}, {"attrConfig": {"custom:tier": {"type": "string", "allowSetByNode": False}}}),
        ({"randomizeClientPort": True}, {"randomizeclientport": True}),
    ],
)
def test_what_is_only_written_otherwise_is_no_change(old: Json, new: Json) -> None:
    assert () == changed(old, new).settings


def test_a_setting_alone_changes_no_access_and_is_named_beside_that() -> None:
    found = changed({}, {"randomizeClientPort": True})

    assert "No change in access (proven for every tailnet); other settings change: randomizeClientPort." == headline(
        found
    )
    assert (False, False) == (found.changes_access, found.gives_access)


def test_addresses_given_back_are_access() -> None:
    found = changed({"disableIPv4": True}, {"disableIPv4": False})

    assert found.gives_access
    assert ["disableIPv4"] == [each.name for row in found.network for each in row.causes[0].definitions]


@pytest.mark.parametrize(
    ("before", "attribute", "loosens"),
    [
        (TIER, "custom:tier", True),
        ({}, "custom:tier", True),
        ({}, "custom:other", False),
    ],
)
def test_devices_that_may_say_themselves_what_a_rule_asks_for_are_no_longer_guarded(
    before: Json, attribute: str, loosens: bool
) -> None:
    found = changed({"attrConfig": before}, {"attrConfig": {attribute: {"type": "string", "allowSetByNode": True}}})

    assert (loosens, loosens) == (found.gives_access, found.changes_access)
    assert loosens == ("devices may now say of themselves that they meet a posture (custom:tier)" in headline(found))
