"""Capabilities, attributes, approval and ownership of tags, as rows for reviewers."""

from __future__ import annotations

import pytest

from aclc.reach.difference.diff import Diff, diff
from aclc.reach.difference.power_rows import PowerRow, ownership_rows
from aclc.reports.diff_blocks import blocks, headline
from tests.properties.strategies import Json
from tests.reach.engine import policy_of

BASE: dict[str, Json] = {
    "groups": {"group:eng": ["a@example.com", "b@example.com"], "group:ops": ["c@example.com"]},
    "tagOwners": {"tag:web": ["group:eng"], "tag:db": ["tag:web"], "tag:ci": []},
    "grants": [],
}


def changed(old: Json, new: Json) -> Diff:
    return diff(policy_of({**BASE, **old}), policy_of({**BASE, **new}))


def powers(rows: tuple[PowerRow, ...]) -> list[tuple[str, str, str, str]]:
    """Give (sign, who, what, through) of each row."""
    return [
        ("+" if row.gained else "-", ", ".join(row.who), ", ".join(row.powers), ", ".join(row.through)) for row in rows
    ]


def test_owning_a_tag_that_owns_a_tag_is_told_with_the_line_that_changed() -> None:
    owners = {**BASE["tagOwners"], "tag:web": ["group:eng", "group:ops"]}
    rows = changed({}, {"tagOwners": owners}).ownership

    assert [("+", "group:ops", "tag:db", "tag:web"), ("+", "group:ops", "tag:web", "")] == powers(rows)
    assert ['["group:eng", "group:ops"]'] == list({row.causes[0].new.text for row in rows if row.causes[0].new})


def test_a_new_member_of_an_owning_group_may_apply_its_tags() -> None:
    groups = {**BASE["groups"], "group:eng": ["a@example.com", "b@example.com", "c@example.com"]}
    rows = changed({}, {"groups": groups}).ownership

    assert [
        ("+", "c@example.com", "tag:db", "group:eng, tag:web"),
        ("+", "c@example.com", "tag:web", "group:eng"),
    ] == powers(rows)


def test_a_member_who_has_it_by_another_name_gains_nothing() -> None:
    owners = {**BASE["tagOwners"], "tag:web": ["group:eng", "c@example.com"]}
    groups = {**BASE["groups"], "group:eng": ["a@example.com", "b@example.com", "c@example.com"]}

    assert () == changed({"tagOwners": owners}, {"tagOwners": owners, "groups": groups}).ownership


@pytest.mark.parametrize(
    ("owners", "groups"),
    [
        (["group:all"], {"group:all": ["b@example.com", "a@example.com"]}),
        (["a@example.com", "b@example.com"], {}),
        (["group:eng", "a@example.com"], {}),
        (["group:eng", "tag:ci"], {"group:none": []}),
    ],
    ids=["renamed group", "written out", "one more name", "a tag that nobody owns"],
)
def test_other_names_for_the_same_people_change_nothing(owners: list[str], groups: Json) -> None:
    named = {"groups": {**BASE["groups"], **groups}, "tagOwners": {**BASE["tagOwners"], "tag:web": owners}}
    routes = {"autoApprovers": {"routes": {"10.0.0.0/8": ["group:eng"]}}}
    others = {"autoApprovers": {"routes": {"10.0.0.0/8": [each for each in owners if each != "tag:ci"]}}}
    there, back = changed(routes, {**named, **others}), changed({**named, **others}, routes)

    assert [("+", "tag:ci")] * 2 * ("tag:ci" in owners) == [each[:2] for each in powers(there.ownership)]
    assert [("-", "tag:ci")] * 2 * ("tag:ci" in owners) == [each[:2] for each in powers(back.ownership)]
    assert () == (*there.approvals, *back.approvals)


def test_some_of_a_group_gain_what_the_others_have() -> None:
    old = {"tagOwners": {"tag:web": ["a@example.com"]}}
    new = {"tagOwners": {"tag:web": ["group:eng"]}}

    assert [("+", "group:eng", "tag:web", "")] == powers(changed(old, new).ownership)
    assert [("-", "group:eng", "tag:web", "")] == powers(changed(new, old).ownership)
    assert [("a@example.com",)] * 2 == [
        row.apart for row in (*changed(old, new).ownership, *changed(new, old).ownership)
    ]


def test_a_group_that_is_split_takes_a_power_from_those_only_who_have_it_no_more() -> None:
    old = {"tagOwners": {"tag:web": ["group:eng"]}}
    groups = {"group:one": ["a@example.com"], "group:two": ["b@example.com"]}
    rows = blocks(changed(old, {"groups": groups, "tagOwners": {"tag:web": ["group:one"]}}))

    assert [("group:eng except a@example.com",)] == [row.who for block in rows for row in block.rows]


def test_a_tag_under_services_stands_for_the_services_that_carry_it() -> None:
    services = {"autoApprovers": {"services": {"tag:web": ["tag:db"], "svc:a": ["tag:db"]}}}
    rows = blocks(changed({}, services))

    assert [("svc:a", "services with tag:web")] == [row.what for block in rows for row in block.rows]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tagOwners": {**BASE["tagOwners"], "tag:ci": ["group:ops"]}}, "1 principal may newly apply a tag"),
        (
            {"autoApprovers": {"exitNode": ["tag:ci"]}},
            "1 principal may newly offer routes or services without an admin",
        ),
        ({"nodeAttrs": [{"target": ["tag:ci"], "attr": ["funnel"]}]}, "open to the whole internet through Funnel"),
    ],
)
def test_the_headline_names_what_is_grave_beside_connections(change: Json, words: str) -> None:
    found = headline(changed({}, change))

    assert words in found, found
    assert words not in headline(changed(change, {}))


def test_a_member_gains_nothing_where_every_member_has_it() -> None:
    old = {"tagOwners": {"tag:web": ["autogroup:member"]}}
    new = {"tagOwners": {"tag:web": ["autogroup:member", "group:eng", "c@example.com"]}}

    assert () == (*changed(old, new).ownership, *changed(new, old).ownership)


def test_an_empty_group_that_gains_is_told() -> None:
    groups = {**BASE["groups"], "group:new": []}
    rows = changed({"groups": groups}, {"groups": groups, "tagOwners": {**BASE["tagOwners"], "tag:ci": ["group:new"]}})

    assert [("+", "group:new", "tag:ci", "")] == powers(rows.ownership)


def test_routes_of_one_approver_are_one_row() -> None:
    routes = {"10.0.0.0/16": ["tag:ci"], "10.9.0.0/16": ["tag:ci"]}
    rows = changed({}, {"autoApprovers": {"routes": routes, "exitNode": ["tag:ci"]}}).approvals

    assert [("+", "tag:ci", "10.0.0.0/16, 10.9.0.0/16, exit node", "")] == powers(rows)


def grant(*values: Json) -> Json:
    return {"src": ["group:eng"], "dst": ["tag:web"], "app": {"example.com/cap/x": list(values)}}


def test_parameters_are_compared_value_by_value() -> None:
    found = changed({"grants": [grant({"a": 1}, {"b": 1})]}, {"grants": [grant({"a": 1}, {"b": 2}, {"b": 3})]})

    assert [
        (True, ('{"b": 2}', '{"b": 3}'), ("group:eng",), ("tag:web",)),
        (False, ('{"b": 1}',), ("group:eng",), ("tag:web",)),
    ] == [(row.gained, row.values, row.who.texts, row.what.texts) for row in found.capabilities]
    assert [True, True] == [row.causes[0].old is not None for row in found.capabilities]


def test_an_attribute_names_its_entry_and_exposes_where_it_is_funnel() -> None:
    found = changed({}, {"nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel", "drive:share"]}]})

    assert [("drive:share", ("tag:web",)), ("funnel", ("tag:web",))] == [
        (row.name, row.nodes.texts) for row in found.attributes
    ]
    assert [("funnel", ("tag:web",))] == [(row.stranger, row.what.texts) for row in found.exposure]


def test_an_attribute_that_reaches_further_names_what_its_target_became() -> None:
    """The entry stands in both policies: what is new is who belongs to the group that it names."""
    entry = {"target": ["group:eng"], "attr": ["funnel"]}
    groups = {**BASE["groups"], "group:eng": [*BASE["groups"]["group:eng"], "c@example.com"]}
    row = changed({"nodeAttrs": [entry]}, {"nodeAttrs": [entry], "groups": groups}).attributes[0]

    assert [(True, True, ("group:eng",))] == [
        (cause.old is not None, cause.new is not None, tuple(each.name for each in cause.definitions))
        for cause in row.causes
    ]


def test_postures_count_for_no_attribute() -> None:
    entry = {"target": ["tag:web"], "attr": ["funnel"]}
    new = {"nodeAttrs": [{**entry, "target": ["tag:web", "tag:db"]}], "defaultSrcPosture": ["posture:mac"]}
    postures = {"postures": {"posture:mac": ["node:os == 'macos'"]}}
    row = changed({"nodeAttrs": [entry], **postures}, {**new, **postures}).attributes[0]

    assert [()] == [cause.definitions for cause in row.causes]


def test_people_whom_a_rule_names_are_no_strangers() -> None:
    rule = {"src": ["group:eng"], "dst": ["tag:web"], "ip": ["*"]}

    assert () == changed({}, {"grants": [rule]}).exposure
    assert ["shared"] == [row.stranger for row in changed({}, {"grants": [{**rule, "src": ["*"]}]}).exposure]


def test_devices_shared_in_are_told_by_their_address_where_a_rule_means_them_by_it() -> None:
    rule = {"src": ["100.70.0.1"], "dst": ["tag:web"], "ip": ["*"]}

    assert [("shared", ("100.70.0.1",))] == [
        (row.stranger, row.who) for row in changed({}, {"grants": [rule]}).exposure
    ]
    assert [("shared", ())] == [
        (row.stranger, row.who) for row in changed({}, {"grants": [{**rule, "src": ["100.70.0.1", "*"]}]}).exposure
    ]


@pytest.mark.parametrize("had", ["*", "autogroup:member", "203.0.113.0/24"])
def test_whoever_is_outside_is_anyone_though_others_had_it_before(had: str) -> None:
    before = {"src": [had], "dst": ["tag:web"], "ip": ["*"]}
    anybody = {**before, "src": ["autogroup:danger-all"]}
    opened = changed({"grants": [before]}, {"grants": [before, anybody]}).exposure
    closed = changed({"grants": [before, anybody]}, {"grants": [before]}).exposure

    assert ("anyone", True) in [(row.stranger, row.gained) for row in opened]
    assert ("anyone", False) in [(row.stranger, row.gained) for row in closed]


def test_assertions_that_went_away_are_told_in_words() -> None:
    tests = {
        "tests": [{"src": "a@example.com", "proto": "tcp", "accept": ["tag:web:22"], "deny": ["tag:db:1", "tag:ci:1"]}],
        "sshTests": [
            {"src": "a@example.com", "dst": ["tag:web"], "accept": ["ubuntu"], "check": ["root"], "deny": ["admin"]}
        ],
    }
    (found,) = blocks(changed(tests, {}))

    assert [
        ("a@example.com tcp must reach", "tag:web:22"),
        ("a@example.com tcp must not reach", "tag:db:1, tag:ci:1"),
        ("a@example.com must get in, without being asked again, as ubuntu on", "tag:web"),
        ("a@example.com must be asked again before getting in as root on", "tag:web"),
        ("a@example.com must not get in as admin on", "tag:web"),
    ] == [(row.who[0], ", ".join(row.what)) for row in found.rows]


def test_lines_stand_in_the_order_of_the_file() -> None:
    owners = {f"tag:{name}": ["autogroup:admin"] for name in "cab"}
    (row,) = ownership_rows(policy_of({"grants": []}), policy_of({"tagOwners": owners}))

    assert ("tag:a", "tag:b", "tag:c") == row.powers
    starts = [cause.new.start for cause in row.causes if cause.new is not None]
    assert sorted(starts) == starts
    assert 3 == len(starts)
