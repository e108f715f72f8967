"""Rows about SSH for reviewers: on a tailnet exactly what changes; for every one, words that leave nothing out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from aclc.reach.difference.causes import RulePairs
from aclc.reach.difference.diff import diff, ssh_tag_sets
from aclc.reach.difference.session_rows import SessionRow, about_nodes, session_rows
from aclc.reach.graph.space import Space
from aclc.reach.population.population import CHECK_DOUBT
from aclc.reach.powers.ssh import ssh_changes
from aclc.reach.powers.ssh_terms import terms_texts
from aclc.reach.words.setting import setting
from aclc.resolve.node_sets import indices_of
from tests.properties.strategies import Json, of_worlds, policies, tailnets
from tests.reach.engine import policy_of, tailnet_of

Told = set[tuple[tuple[str, tuple[str, ...]], str, int, int, str]]
"""((kind, terms), mode, source, target, login)."""


def compared(old: Json, new: Json, tailnet: Json | None) -> tuple[Space, tuple[SessionRow, ...]]:
    pair = policy_of(old), policy_of(new)
    ground = setting(pair, tailnet_of(tailnet) if tailnet else None, tag_sets=ssh_tag_sets(*pair))
    space = ground.space(pair)
    return space, session_rows(ground, space, RulePairs(*pair))


def spelled_out(space: Space, rows: tuple[SessionRow, ...] | None, *, words: bool = False) -> Told:
    """Give rows, or where there are none the exact changes, pair by pair."""
    owners = space.views[0].resolved.names.owners
    told: Told = set()
    if rows is None:
        changes = [
            (
                (each.kind, terms_texts(*each.terms) if each.terms else ()),
                each.mode,
                each.sources,
                each.targets,
                each.logins,
                each.scope,
            )
            for each in ssh_changes(space.views[0].resolved, space.views[1].resolved)
        ]
    else:
        changes = [
            (
                (each.kind, each.terms),
                each.mode,
                each.who.bits if words else each.sources,
                each.what.bits if words else each.targets,
                each.tokens,
                each.scope,
            )
            for each in rows
        ]
    for kind, mode, sources, targets, logins, scope in changes:
        for source in indices_of(sources):
            for target in indices_of(targets):
                same = owners[source] is not None and owners[source] == owners[target]
                if scope == "any" or (scope == "own") == same:
                    told.update((kind, mode, source, target, login) for login in logins)
    return told


@of_worlds
@given(old=policies(), new=policies(), tailnet=tailnets())
def test_on_a_tailnet_rows_say_exactly_what_changes(old: Json, new: Json, tailnet: Json) -> None:
    space, rows = compared(old, {**old, "ssh": new.get("ssh")}, tailnet)

    assert spelled_out(space, None) == spelled_out(space, rows)


@settings(of_worlds, max_examples=max(of_worlds.max_examples // 3, 8))
@given(old=policies(), new=policies())
def test_for_every_tailnet_words_leave_nothing_out(old: Json, new: Json) -> None:
    space, rows = compared(old, {**old, "ssh": new.get("ssh")}, None)

    assert spelled_out(space, None) <= spelled_out(space, rows, words=True)


BASE: dict[str, Json] = {
    "groups": {"group:eng": [f"{each}@example.com" for each in "abcd"], "group:oncall": ["a@example.com"]},
    "tagOwners": {"tag:web": [], "tag:db": []},
}


def rule(src: str, dst: str, users: list[str], action: str = "accept") -> Json:
    return {"action": action, "src": [src], "dst": [dst], "users": users}


def words(old: list[Json], new: list[Json], tailnet: Json | None = None) -> list[tuple[str, str, str, str]]:
    """Give (kind, who, what, logins) of each row."""
    _, rows = compared({**BASE, "ssh": old}, {**BASE, "ssh": new}, tailnet)
    return [(row.kind, ", ".join(row.who.texts), ", ".join(row.what.texts), ", ".join(row.logins)) for row in rows]


def test_who_had_it_before_is_excepted() -> None:
    old = [rule("group:oncall", "tag:db", ["root"])]

    assert [("gained", "group:eng except group:oncall", "tag:db", "root")] == words(
        old, [*old, rule("group:eng", "tag:db", ["root"])]
    )


def test_logins_read_well() -> None:
    assert [("gained", "group:eng", "tag:web", "any login but root")] == words(
        [], [rule("group:eng", "tag:web", ["autogroup:nonroot"])]
    )
    assert [("gained", "group:eng", "tag:web", "any login")] == words(
        [], [rule("group:eng", "tag:web", ["autogroup:nonroot", "root"])]
    )


def test_asking_no_more_is_because_of_the_rule_that_asked() -> None:
    asks = rule("group:eng", "tag:web", ["root"], "check")
    accepts = rule("group:eng", "tag:web", ["root"])
    _, (row,) = compared({**BASE, "ssh": [asks, accepts]}, {**BASE, "ssh": [accepts]}, None)

    assert "unchecked" == row.kind
    (cause,) = row.causes
    assert cause.new is None
    assert cause.old is not None
    assert '"check"' in cause.old.text


@pytest.mark.parametrize(
    ("before", "after", "terms"),
    [
        ({"checkPeriod": "1h"}, {}, "asked again every 12h, before every 1h"),
        ({"checkPeriod": "always"}, {"checkPeriod": "1h30m"}, "asked again every 1h30m, before every time"),
        ({"recorder": ["tag:db"]}, {}, "recorded by nobody, before by tag:db"),
        (
            {"recorder": ["tag:db"], "enforceRecorder": True},
            {"recorder": ["tag:db"]},
            "let in where the recorder does not answer",
        ),
        ({}, {"acceptEnv": ["GIT_*"]}, "may pass on GIT_*, before nothing"),
    ],
)
def test_other_terms_are_told(before: Json, after: Json, terms: str) -> None:
    checked = rule("group:eng", "tag:web", ["root"], "check")
    old, new = (policy_of({**BASE, "ssh": [{**checked, **each}]}) for each in (before, after))
    (loosened,), (tightened,) = diff(old, new).sessions, diff(new, old).sessions

    assert ("looser", (terms,), ("group:eng",), ("tag:web",)) == (
        loosened.kind,
        loosened.terms,
        loosened.who.texts,
        loosened.what.texts,
    )
    assert "stricter" == tightened.kind


def test_terms_are_those_of_the_first_entry_that_lets_in() -> None:
    recorded = {**rule("group:eng", "tag:web", ["root"]), "recorder": ["tag:db"]}
    plain = rule("group:oncall", "tag:web", ["root"])
    there = diff(policy_of({**BASE, "ssh": [recorded, plain]}), policy_of({**BASE, "ssh": [plain, recorded]}))
    same = diff(policy_of({**BASE, "ssh": [recorded, plain]}), policy_of({**BASE, "ssh": [recorded]}))

    assert [("looser", ("group:oncall",))] == [(row.kind, row.who.texts) for row in there.sessions]
    assert not same.changes_access


def test_a_node_with_both_tags_tells_whose_terms_count() -> None:
    recorded = {**rule("group:eng", "tag:web", ["root"]), "recorder": ["tag:db"]}
    plain = rule("group:eng", "tag:db", ["root"])
    found = diff(policy_of({**BASE, "ssh": [recorded, plain]}), policy_of({**BASE, "ssh": [plain, recorded]}))

    assert ["looser"] == [row.kind for row in found.sessions]


def test_a_recorder_that_is_nowhere_is_none_to_enforce() -> None:
    plain = rule("group:eng", "tag:web", ["root"])

    assert [] == words([plain], [{**plain, "enforceRecorder": True}])


def test_on_own_devices_a_group_is_still_named() -> None:
    assert [("gained", "group:eng", "group:eng", "ubuntu")] == words(
        [], [rule("group:eng", "autogroup:self", ["ubuntu"])]
    )


def test_under_their_own_name_sources_get_in_on_their_own_devices_too() -> None:
    """The control plane opens these to them for `localpart:`, whatever the entry names."""
    by_name = rule("group:eng", "tag:web", ["localpart:*@example.com"])
    found = words([rule("group:eng", "tag:web", ["autogroup:nonroot"])], [by_name])

    assert ("gained", "group:eng", "group:eng", "their own name") in found


def test_entries_for_own_devices_and_by_own_name_leave_a_doubt() -> None:
    """A person may have both roles."""
    by_name = rule("autogroup:auditor", "tag:web", ["localpart:*@example.com"])
    asks = rule("autogroup:admin", "autogroup:self", ["autogroup:nonroot"], "check")

    found = diff(policy_of({**BASE, "ssh": [by_name]}), policy_of({**BASE, "ssh": [by_name, asks]}))
    assert (CHECK_DOUBT,) == found.doubts


def test_only_entries_that_may_speak_of_one_session_leave_a_doubt() -> None:
    """Roles of one device may add up; but nobody's own devices are tagged, and nobody but root is root."""
    asks = rule("autogroup:admin", "tag:web", ["root"], "check")

    def doubts(other: Json) -> tuple[str, ...]:
        return diff(policy_of({**BASE, "ssh": [asks]}), policy_of({**BASE, "ssh": [asks, other]})).doubts

    assert (CHECK_DOUBT,) == doubts(rule("autogroup:owner", "tag:db", ["root", "ubuntu"]))
    assert () == doubts(rule("autogroup:owner", "autogroup:self", ["root"]))
    assert () == doubts(rule("autogroup:owner", "tag:db", ["autogroup:nonroot"]))


@settings(of_worlds, max_examples=max(of_worlds.max_examples // 2, 10))
@given(old=policies(), new=policies())
def test_rows_with_nodes_of_several_tags_are_those_without_once_these_are_left_aside(old: Json, new: Json) -> None:
    """So that they need not be worked out twice: the nodes of both populations are the same, in one order."""
    pair = policy_of(old), policy_of(new)
    grounds = [setting(pair, None, tag_sets=tag_sets) for tag_sets in (ssh_tag_sets(*pair), [])]
    spaces = [ground.space(pair) for ground in grounds]
    rows, plain = (session_rows(ground, space, RulePairs(*pair)) for ground, space in zip(grounds, spaces, strict=True))
    kept = [at for at, node in enumerate(grounds[0].tailnet.nodes) if len(node.tags) < 2]

    assert [node.name for node in grounds[1].tailnet.nodes] == [grounds[0].tailnet.nodes[at].name for at in kept]
    assert spelled_out(spaces[1], plain) == spelled_out(spaces[1], about_nodes(rows, kept))
