"""Rows for reviewers: true, complete, and in words that stay short."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from aclc.reach.difference.causes import RulePairs
from aclc.reach.difference.review import ReviewRow, review_rows
from aclc.reach.graph.compare import Change, changes
from aclc.reach.graph.space import Scope, Space
from aclc.reach.words.rule_naming import RuleNaming
from aclc.reach.words.setting import Setting, setting
from aclc.resolve.node_sets import indices_of
from tests.properties.strategies import Json, of_worlds, tailnets
from tests.reach.changing import Pair, all_pairs, corner_services, expected, policy_pairs, said
from tests.reach.engine import policy_of, tailnet_of


def reviewed(old: Json, new: Json, tailnet: Json | None = None) -> tuple[Space, Setting, tuple[ReviewRow, ...]]:
    """Compare two policies on a tailnet, or for every one."""
    policies = policy_of(old), policy_of(new)
    ground = setting(policies, tailnet_of(tailnet) if tailnet else None)
    space = ground.space(policies)
    return space, ground, review_rows(ground, space, RulePairs(*policies))


def as_changes(row: ReviewRow) -> list[Change]:
    scope: Scope = "own" if row.part.own else "others" if row.others else "any"
    return [Change(row.gained, part.sources, part.targets, part.services, scope) for part in row.exactly]


def gathered(old: Json, new: Json, tailnet: Json | None = None) -> tuple[Space, Setting, tuple[ReviewRow, ...]]:
    """Compare two policies, all parts of a rule told in one row however few they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aclc.reach.difference.gathered.MOST_TOLD", 0)
        patch.setattr("aclc.reach.difference.gathered.MOST_WORDED", 0)
        return reviewed(old, new, tailnet)


Compare = Callable[[Json, Json, Json | None], tuple[Space, Setting, tuple[ReviewRow, ...]]]
as_told_or_gathered = pytest.mark.parametrize("compare", [reviewed, gathered])


@as_told_or_gathered
@of_worlds
@given(pair=policy_pairs(), tailnet=tailnets())
def test_on_a_tailnet_rows_say_exactly_what_changes(pair: tuple[Json, Json], tailnet: Json, compare: Compare) -> None:
    space, _, rows = compare(*pair, tailnet)
    before, after = space.views
    listed = tuple(change for row in rows for change in as_changes(row))
    *services, ping = corner_services((before, after))
    for number, ends in enumerate(list(all_pairs(space))[::7]):
        told = said(space, listed, ends)
        for protocol, port in services[number % 3 :: 3]:
            change = expected((before, after), ends, protocol, port)
            for gained, word in ((True, "gained"), (False, "lost")):
                is_said = any(each == protocol and low <= port <= high for each, low, high in told[gained])
                assert is_said == (change == word), (ends, protocol, port, change)
        change = expected((before, after), ends, *ping)
        assert change != "gained" or told[True]
        assert change != "lost" or told[False]


@of_worlds
@given(pair=policy_pairs(), tailnet=tailnets())
def test_whatever_a_row_leaves_unchanged_was_open_before_or_stays_open(pair: tuple[Json, Json], tailnet: Json) -> None:
    """Where a row tells a rule in one, everything between the two ends is open on one side, and on the other too but
    for what changes; the pairs are counted."""
    space, _, rows = gathered(*pair, tailnet)
    *services, _ = corner_services(space.views)
    for row in [each for each in rows if each.inside][:3]:
        (whole,) = as_changes(row._replace(inside=()))
        changing, everything = set(), set()
        for ends in all_pairs(space):
            here = said(space, (whole,), ends)[row.gained]
            for protocol, port in services if here else ():
                if not any(each == protocol and low <= port <= high for each, low, high in here):
                    continue
                opened, other = (space.views[at].allows(*ends, protocol, port) for at in (row.gained, not row.gained))
                assert opened, (ends, protocol, port)
                everything.add(named_ends(space, ends))
                if not other:
                    changing.add(named_ends(space, ends))
        assert (len(changing), len(everything)) == row.pairs


def named_ends(space: Space, pair: Pair) -> tuple[object, object]:
    """Give a source and a target, a node with all of its addresses as one, and so a range behind several routers."""
    items = ((side, side.items[at], at) for side, at in zip((space.sources, space.targets), pair, strict=True))
    one, other = (
        (item.node,) if side.own >> at & 1 else item.kind if item.kind in {"internet", "elsewhere"} else item[2:]
        for side, item, at in items
    )
    return one, other


@as_told_or_gathered
@settings(of_worlds, max_examples=max(of_worlds.max_examples // 3, 8))
@given(pair=policy_pairs())
def test_for_every_tailnet_words_are_allowed_and_leave_nothing_out(pair: tuple[Json, Json], compare: Compare) -> None:
    """Whatever changes is in some row, and whatever a row's words mean is really open in the policy that opens it."""
    space, _, rows = compare(*pair, None)
    for change in changes(space):
        for source in indices_of(change.sources)[:6]:
            family = 0 if space.sources.items[source].family == 4 else 1
            left = change.targets & space.targets.families[family]
            for row in rows:
                if row.gained is change.gained and row.who.bits >> source & 1:
                    left &= ~row.what.bits
            assert not left, (change, source)
    for row in rows[:8]:
        if row.part.own:
            continue
        view = space.views[row.gained]
        protocol, port, _ = row.part.services[0]
        sources = indices_of(row.who.bits)
        for target in indices_of(row.what.bits)[:4]:
            family = 0 if space.targets.items[target].family == 4 else 1
            let_in = 0
            for edge, src in view.edges_to(target):
                let_in |= src if edge.opens(protocol, port) and not edge.is_self else 0
            assert all(let_in >> source & 1 for source in sources if space.sources.families[family] >> source & 1), row


BASE: dict[str, Json] = {
    "groups": {"group:eng": [f"{name}@example.com" for name in "abcd"], "group:oncall": ["a@example.com"]},
    "tagOwners": {"tag:web": [], "tag:db": [], "tag:ci": []},
}


def rows(old: list[Json], new: list[Json], tailnet: Json | None = None, **more: Json) -> list[tuple[str, str, str]]:
    """Give (sign, who, what) of each row."""
    _, _, found = reviewed({**BASE, "grants": old}, {**BASE, **more, "grants": new}, tailnet)
    return [("+" if row.gained else "-", ", ".join(row.who.texts), ", ".join(row.what.texts)) for row in found]


def grant(src: str, dst: str, ip: str = "tcp:443", **more: Json) -> Json:
    return {"src": [src], "dst": [dst], "ip": [ip], **more}


def test_a_new_member_of_a_group_is_one_row() -> None:
    groups = {**BASE["groups"], "group:eng": [*BASE["groups"]["group:eng"], "e@example.com"]}
    rules = [grant("group:eng", "tag:web"), grant("autogroup:member", "tag:db")]

    assert [("+", "e@example.com", "tag:web")] == rows(rules, rules, groups=groups)


def test_whoever_had_it_before_is_excepted() -> None:
    old = [grant("group:oncall", "tag:db")]

    assert [("+", "autogroup:member except group:oncall", "tag:db")] == rows(
        old, [*old, grant("autogroup:member", "tag:db")]
    )
    assert [("+", "group:eng except group:oncall", "tag:db")] == rows(old, [*old, grant("group:eng", "tag:db")])


def test_whoever_keeps_it_is_excepted() -> None:
    kept = grant("tag:ci", "tag:db")

    assert [("-", "* except tag:ci", "tag:db")] == rows([kept, grant("*", "tag:db")], [kept])


def test_whoever_keeps_it_is_excepted_by_names_that_only_the_other_policy_has() -> None:
    tags = {**BASE["tagOwners"], "tag:new": []}
    new = [grant("autogroup:owner", "*"), grant("tag:ci", "10.1.0.0/16"), grant("autogroup:member", "tag:new")]

    assert [
        ("-", "* except tag:ci, autogroup:owner", "10.1.0.0/16"),
        ("-", "* except autogroup:member", "tag:new"),
        ("-", "* except autogroup:owner", "* except tag:new, 10.1.0.0/16"),
    ] == rows([grant("*", "*")], new, tagOwners=tags)


def test_a_name_that_is_gone_names_nobody_who_gains_but_whoever_had_it() -> None:
    groups = {"group:gone": ["a@example.com", "b@example.com"]}
    old = {**BASE, "groups": {**BASE["groups"], **groups}, "grants": [grant("group:gone", "tag:db")]}
    people = {"src": ["a@example.com", "b@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}
    _, _, found = reviewed(old, {**BASE, "grants": [people, grant("autogroup:member", "tag:db")]})

    assert [
        (("a@example.com", "b@example.com"), ("tag:web",)),
        (("autogroup:member except group:gone",), ("tag:db",)),
    ] == [(row.who.texts, row.what.texts) for row in found if row.gained]


def test_what_stands_for_a_network_behind_4via6_is_no_address_of_a_node() -> None:
    ipset = {"ipset:site": ["add 10.0.0.0/16", "add fd7a:115c:a1e0:b1a:0:4::/96"]}
    rule = {"src": ["ipset:site"], "dst": ["ipset:site"], "ip": ["*"], "via": ["tag:ci"]}
    _, _, (row,) = reviewed({**BASE, "ipsets": ipset, "grants": []}, {**BASE, "ipsets": ipset, "grants": [rule]})

    assert (("ipset:site",), ("ipset:site (through tag:ci)",)) == (row.who.texts, row.what.texts)
    assert not row.shared


def test_what_only_the_way_tells_apart_is_no_exception() -> None:
    """A network in halves is the same but beyond exit nodes that also route one of them."""
    hosts = {"hosts": {"net": "10.0.0.0/24"}}
    _, _, found = reviewed(
        {**BASE, **hosts, "grants": [grant("group:eng", "net")]},
        {**BASE, **hosts, "grants": [{**grant("group:eng", "net"), "dst": ["10.0.0.0/25", "10.0.0.128/25"]}]},
    )

    assert [("10.0.0.0/24 (only through an exit node that is also a subnet router)",)] == [
        row.what.texts for row in found
    ]


def test_nobody_sends_addresses_of_the_tailnet_to_an_exit_node() -> None:
    """So a part of them in halves is the same, whatever else an exit node serves."""
    old, new = grant("group:eng", "100.64.0.0/16"), grant("group:eng", "100.64.0.0/17")
    new["dst"] = ["100.64.0.0/17", "100.64.128.0/17"]

    assert [] == rows([old], [new])
    assert [] == rows([new], [old])


def test_a_host_that_moved_goes_by_its_addresses_too() -> None:
    def told(address: str) -> Json:
        return {"hosts": {"h": address, "o": "10.9.0.1"}, "groups": {"group:a": ["a@x.com"]}, "grants": [rule]}

    rule = {"src": ["group:a"], "dst": ["h", "o"], "ip": ["tcp:22"]}
    _, _, found = reviewed(told("10.0.0.1"), told("10.1.0.0/24"))

    assert [(True, ("h (10.1.0.0/24)",)), (False, ("h (10.0.0.1)",))] == [(row.gained, row.what.texts) for row in found]


def test_a_literal_that_another_rule_names_takes_no_row_apart() -> None:
    new = [grant("tag:ci", "tag:db", "*"), grant("x@example.com", "fd7a:115c:a1e0::5", "tcp:22")]

    assert [("+", "tag:ci", "tag:db"), ("+", "x@example.com", "fd7a:115c:a1e0::5")] == sorted(rows([], new))


def test_all_but_own_devices_is_one_row() -> None:
    own = grant("autogroup:member", "autogroup:self", "*")
    _, _, (row,) = reviewed({**BASE, "grants": [grant("*", "*", "*"), own]}, {**BASE, "grants": [own]})

    assert (False, ("*",), ("*",), True) == (row.gained, row.who.texts, row.what.texts, row.others)


def test_the_exception_has_a_row_of_its_own_where_it_changes_otherwise() -> None:
    old = [grant("group:oncall", "tag:db", "tcp:22")]
    new = [*old, grant("group:eng", "tag:db", "tcp:22-23")]
    _, _, found = reviewed({**BASE, "grants": old}, {**BASE, "grants": new})

    assert {
        ("group:eng",): ((6, 23, 23),),
        ("group:eng except group:oncall",): ((6, 22, 22),),
    } == {row.who.texts: row.part.services for row in found}


def test_conditions_are_part_of_the_words() -> None:
    postures = {"posture:linux": ["node:os == 'linux'"]}
    guarded = grant("group:eng", "tag:web", srcPosture=["posture:linux"])
    policies = {**BASE, "postures": postures, "grants": []}, {**BASE, "postures": postures, "grants": [guarded]}
    _, _, found = reviewed(*policies)

    assert [("group:eng (if posture:linux)",)] == [row.who.texts for row in found]


def test_routers_are_named_only_where_they_matter() -> None:
    hosts, half = {"vpc": "10.0.0.0/8"}, {"vpc": "10.0.0.0/9"}
    rule = [grant("group:eng", "vpc")]
    _, _, (row,) = reviewed({**BASE, "hosts": hosts, "grants": rule}, {**BASE, "hosts": half, "grants": rule})

    assert ("group:eng",) == row.who.texts
    assert ("10.128.0.0/9", "10.0.0.0/9 (only through an exit node that is also a subnet router)") == row.what.texts


NODES: list[Json] = [
    *(
        {"name": name, "user": f"{name}@example.com", "addresses": [f"100.64.0.{at}"]}
        for at, name in enumerate("abcd", 1)
    ),
    {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.9"]},
]
TAILNET: Json = {
    "schema_version": 1,
    "users": [{"login": f"{name}@example.com"} for name in "abcd"],
    "nodes": NODES,
}


def test_on_a_tailnet_rows_are_counted_and_exact() -> None:
    _, _, (row,) = reviewed({**BASE, "grants": []}, {**BASE, "grants": [grant("group:eng", "*")]}, TAILNET)

    assert (("group:eng",), ("*",), (4, 5)) == (row.who.texts, row.what.texts, row.nodes)


def test_a_network_behind_two_routers_is_one_range() -> None:
    """However many rules divide it, and so is the internet behind exit nodes."""
    routers = [
        {
            "name": f"router{at}",
            "tags": ["tag:ci"],
            "addresses": [f"100.64.1.{at}"],
            "approved_routes": ["10.0.0.0/16", "0.0.0.0/0", "::/0"],
        }
        for at in (1, 2)
    ]
    tailnet: Json = {**TAILNET, "nodes": [*NODES, *routers]}
    part = grant("group:oncall", "10.0.7.0/24", "udp:53")

    def counted(dst: str) -> tuple[int, int]:
        old = {**BASE, "grants": [part]}
        _, _, (row,) = reviewed(old, {**BASE, "grants": [part, grant("group:eng", dst)]}, tailnet)
        return row.nodes[1], row.ranges[1]

    assert (0, 1) == counted("10.0.0.0/16")
    assert (0, 1) == counted("10.0.0.0/24")
    assert (0, 1) == counted("autogroup:internet")


def test_a_change_over_one_family_says_so_where_its_rule_is_for_both() -> None:
    """The old rule means the range of the tailnet's IPv4 addresses; where the new one does, too, nothing is missing."""
    by_range, by_name = grant("100.64.0.0/10", "tag:web"), grant("group:eng", "tag:web")

    _, _, wider = reviewed({**BASE, "grants": [by_range]}, {**BASE, "grants": [by_range, by_name]})
    _, _, narrow = reviewed({**BASE, "grants": []}, {**BASE, "grants": [by_range]})
    _, _, both = reviewed({**BASE, "grants": []}, {**BASE, "grants": [by_name]})

    assert ([6], [None], [None]) == tuple([row.family for row in found] for found in (wider, narrow, both))


def test_strangers_are_flagged() -> None:
    _, _, (row,) = reviewed({**BASE, "grants": []}, {**BASE, "grants": [grant("autogroup:danger-all", "tag:web")]})

    assert (True, True) == (row.shared, row.anyone)


def test_a_cause_names_the_rule_and_what_changed_in_it() -> None:
    groups = {**BASE["groups"], "group:oncall": ["a@example.com", "b@example.com"]}
    rule = [grant("group:oncall", "tag:db")]
    _, _, (row,) = reviewed({**BASE, "grants": rule}, {**BASE, "groups": groups, "grants": rule})

    (cause,) = row.causes
    assert cause.old is not None
    assert cause.new is not None
    assert [("group:oncall", "changed")] == [(each.name, each.became) for each in cause.definitions]


def test_a_cause_says_which_names_came_and_went() -> None:
    old, new = [grant("group:gone", "tag:db")], [grant("group:come", "tag:db")]
    groups = BASE["groups"]
    _, _, found = reviewed(
        {**BASE, "groups": {**groups, "group:gone": ["x@example.com"]}, "grants": old},
        {**BASE, "groups": {**groups, "group:come": ["y@example.com"]}, "grants": new},
    )

    assert [(True, "group:come", "new"), (False, "group:gone", "gone")] == [
        (row.gained, each.name, each.became) for row in found for cause in row.causes for each in cause.definitions
    ]


def test_nothing_changes_where_rules_are_only_written_otherwise() -> None:
    old = [grant("group:oncall", "tag:db"), grant("group:eng", "tag:web")]
    new = [{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443", "tcp:443"]}, grant("a@example.com", "tag:db")]

    assert [] == rows(old, new)


GUARDED: Json = {
    "groups": {"group:eng": ["a@example.com", "b@example.com"]},
    "tagOwners": {"tag:web": []},
    "postures": {
        "posture:new": ["node:tsVersion >= '1.60'", "node:os == 'linux'"],
        "posture:mac": ["node:os == 'macos'"],
    },
    "grants": [{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443"], "srcPosture": ["posture:new"]}],
}


def guarded(asked: list[str]) -> Json:
    return {**GUARDED, "grants": [{**GUARDED["grants"][0], "srcPosture": asked}]}


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        (GUARDED, guarded([]), ["+ group:eng (without posture:new)"]),
        (guarded([]), GUARDED, ["- group:eng (without posture:new)"]),
        (
            GUARDED,
            {**GUARDED, "postures": {**GUARDED["postures"], "posture:new": ["node:tsVersion >= '1.60'"]}},
            ["+ group:eng (newly meeting posture:new)"],
        ),
        (
            {**GUARDED, "postures": {**GUARDED["postures"], "posture:new": ["node:tsVersion >= '1.60'"]}},
            GUARDED,
            ["- group:eng (no longer meeting posture:new)"],
        ),
        (
            {**GUARDED, "defaultSrcPosture": ["posture:new"]},
            {**guarded([]), "defaultSrcPosture": ["posture:mac"]},
            ["+ group:eng (if posture:mac)", "- group:eng (if posture:new)"],
        ),
    ],
)
def test_devices_are_named_by_what_they_show(old: Json, new: Json, rows: list[str]) -> None:
    found = reviewed(old, new)[2]

    assert rows == [f"{'+' if row.gained else '-'} {', '.join(row.who.texts)}" for row in found]


def test_a_cause_names_the_posture_that_changed_and_the_default() -> None:
    old = {**guarded([]), "defaultSrcPosture": ["posture:new"]}
    other = {**old, "postures": {**GUARDED["postures"], "posture:new": ["node:tsVersion >= '1.60'"]}}

    def definitions(new: Json) -> list[tuple[str, str]]:
        rows = reviewed(old, new)[2]
        return [each[:2] for row in rows for cause in row.causes for each in cause.definitions]

    assert [("posture:new", "changed")] == definitions(other)
    assert [("defaultSrcPosture", "gone")] == definitions(guarded([]))


def test_logins_of_the_population_are_no_words() -> None:
    space, _, _ = reviewed(GUARDED, guarded([]))
    texts = [text for view in space.views for text, _ in RuleNaming(view).source_words()]

    assert "group:eng (if posture:new)" in texts
    assert [] == [text for text in texts if ".invalid" in text]


def test_everything_but_own_devices_is_one_row_however_many_others_gain_parts_of_it() -> None:
    own = grant("autogroup:member", "autogroup:self", "*")
    old = [own, grant("autogroup:member", "tag:web", "*"), grant("autogroup:admin", "tag:db", "*")]
    more = [grant("tag:db", "tag:db", "*"), grant("tag:ci", "tag:ci", "*"), grant("autogroup:shared", "tag:web", "*")]
    found = rows(old, [*old, *more, grant("autogroup:admin", "*", "*")])

    assert [("+", "autogroup:admin", "* except tag:db, tag:web")] == [
        row for row in found if row[1] == "autogroup:admin"
    ]


SITE = ["10.4.0.0/16", "fd7a:115c:a1e0:b1a:0:3::/96"]


def test_a_side_is_told_whole_where_the_rest_of_the_row_has_its_own() -> None:
    """So that the policy's own name stands for it."""
    old, new = ({"ipset:s": [*SITE, *more]} for more in ([], ["10.73.3.0/24"]))
    rule = {"src": ["group:eng"], "dst": ["ipset:s"], "ip": ["*"]}
    wider = {**rule, "src": ["group:eng", "tag:ci"]}
    _, _, found = reviewed({**BASE, "ipsets": old, "grants": [rule]}, {**BASE, "ipsets": new, "grants": [wider]})

    assert {(("tag:ci",), ("ipset:s",)), (("group:eng",), ("10.73.3.0/24",))} == {
        (row.who.texts, row.what.texts) for row in found
    }


def test_addresses_of_the_tailnets_own_are_named_as_the_rule_has_them() -> None:
    """Not by the one address that stands for them."""
    sets = {"ipset:s": [*SITE, "10.9.0.0/16", "fd00:1::/32", "fd00:2::/32", "fd00:3::/32", "fd00:4::/32"]}
    sets["ipset:s"] += ["fd00:5::/32", "fd00:6::/32"]
    had = [each for each in sets["ipset:s"] if each not in SITE]
    rules = [{"src": ["tag:ci"], "dst": dst, "ip": ["*"]} for dst in (had, ["ipset:s"])]
    _, _, (row,) = reviewed(*({**BASE, "ipsets": sets, "grants": [rule]} for rule in rules))

    assert tuple(SITE) == row.what.texts[:2]


def test_networks_that_nobody_names_are_no_network_in_particular() -> None:
    """For every tailnet some addresses stand for all that no rule names."""
    names = ["autogroup:member", "autogroup:tagged", "autogroup:shared", "10.4.0.0/16", "10.6.0.0/16", "10.8.0.0/16"]
    apart = [grant("tag:ci", dst, "*") for dst in [*names, "192.168.0.0/16", "192.0.2.0/24"]]
    _, _, (row,) = reviewed({**BASE, "grants": apart}, {**BASE, "grants": [*apart, grant("tag:ci", "*", "*")]})

    assert {"autogroup:internet", "private addresses beyond exit nodes", "any other network"} == {
        each for each in row.what.texts if not each.startswith("autogroup:shared")
    }


def test_a_host_that_only_the_other_policy_names_is_named_with_its_address() -> None:
    hosts = {"vor": "100.73.83.164"}
    people = [grant("group:oncall", "*", "*"), grant("group:eng", "vor", "tcp:445")]

    told = rows([grant("*", "*", "*")], people, hosts=hosts)

    assert ("-", "* except group:oncall", "vor (100.73.83.164)") in told
    assert [] == [what for _, _, what in told if "whose address" in what]


def test_devices_shared_in_are_named_so_as_targets_too() -> None:
    old = [grant("tag:ci", "a@example.com", "*"), grant("tag:ci", "autogroup:member", "*")]
    _, _, (row,) = reviewed({**BASE, "grants": old}, {**BASE, "grants": old[1:]})

    assert (("tag:ci",), ("devices shared in by group:oncall",)) == (row.who.texts, row.what.texts)
    assert row.elsewhere


def test_a_new_router_by_tag_is_named_by_the_tag_alone() -> None:
    hosts = {"hosts": {"net": "10.0.0.0/24"}}
    old = {"src": ["group:eng"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:web"]}
    halves = {"src": ["group:eng"], "dst": ["net", "10.0.0.0/25", "10.0.0.128/25"], "ip": ["*"]}
    _, _, (row,) = reviewed(
        {**BASE, **hosts, "grants": [old, halves]},
        {**BASE, **hosts, "grants": [{**old, "via": ["tag:web", "tag:db"]}, halves]},
    )

    assert ("the internet (through tag:db)",) == row.what.texts


def test_a_service_is_told_once_whether_or_not_everything_opens_it() -> None:
    everything = grant("autogroup:admin", "*", "*")
    member = grant("autogroup:member", "svc:status")

    assert [("+", "autogroup:member", "svc:status")] == rows([everything], [everything, member])
