"""Changes told in one row by the rule behind them, where its parts would be many or long."""

from __future__ import annotations

from aclc.reach.difference.accepted import parse_accepted
from aclc.reach.difference.changed_matrix import changed_matrix
from aclc.reach.difference.diff import Diff, comparison, diff
from aclc.reach.graph.access import accesses
from aclc.reports.diff_blocks import blocks
from aclc.reports.diff_json import diff_document
from aclc.source import Source
from tests.properties.strategies import Json
from tests.reach.engine import policy_of, tailnet_of

PEOPLE = [f"u{at}@example.com" for at in range(20)]
MACHINES = [f"db{at}" for at in range(8)]
TAILNET: dict[str, Json] = {
    "schema_version": 1,
    "users": [{"login": login} for login in PEOPLE],
    "nodes": [
        *({"name": f"n{at}", "user": login, "addresses": [f"100.64.0.{at + 1}"]} for at, login in enumerate(PEOPLE)),
        *({"name": name, "tags": ["tag:db"], "addresses": [f"100.64.1.{at + 1}"]} for at, name in enumerate(MACHINES)),
    ],
}
ALL = {"src": ["group:all"], "dst": ["tag:db"], "ip": ["tcp:443"]}
EACH_ONE = [{"src": [PEOPLE[at]], "dst": [f"100.64.1.{at + 1}"], "ip": ["tcp:443"]} for at in range(len(MACHINES))]
"""Of eight people each has another database already."""

FIRST_TEN = {"src": PEOPLE[:10], "dst": ["tag:db"], "ip": ["tcp:443"]}


def policy(*grants: Json) -> Json:
    return {"groups": {"group:all": PEOPLE}, "tagOwners": {"tag:db": []}, "grants": list(grants)}


def difference(old: list[Json], new: list[Json], tailnet: Json | None = None, allow: str = "") -> Diff:
    accepted = parse_accepted(Source("agreed.txt", allow)).value or ()
    facts = tailnet_of(tailnet) if tailnet else None
    return diff(policy_of(policy(*old)), policy_of(policy(*new)), facts, accepted)


def lines(found: Diff) -> list[tuple[str, str, str, tuple[str, ...], tuple[str, ...]]]:
    """Give (who, what, change, badges, counts) of each row about connections."""
    return [
        (", ".join(row.who), ", ".join(row.what), row.change, row.badges, row.counts)
        for block in blocks(found)
        if block.key == "network"
        for row in block.rows
    ]


def test_many_parts_of_a_rule_are_one_row_that_counts_the_pairs() -> None:
    gained = difference(EACH_ONE, [*EACH_ONE, ALL], TAILNET)
    lost = difference([*EACH_ONE, ALL], EACH_ONE, TAILNET)
    counts = ("20 nodes", "8 nodes")

    assert [
        ("group:all", "tag:db", "gains", ("152 of 160 pairs; the others had it before",), counts),
        ("group:all", "tag:db", "loses", ("152 of 160 pairs; the others keep it",), counts),
    ] == [*lines(gained), *lines(lost)]


def test_programs_get_each_part() -> None:
    old, new = (policy_of(policy(*rules)) for rules in (EACH_ONE, [*EACH_ONE, ALL]))
    document = diff_document(diff(old, new, tailnet_of(TAILNET), detail="exact"))

    assert [(19, 1)] * len(MACHINES) == [(row["who"]["nodes"], row["what"]["nodes"]) for row in document["network"]]


def test_pairs_that_change_on_some_ports_only_are_no_pairs_that_change() -> None:
    wide = {**ALL, "ip": ["tcp:443-444"]}
    on_one_port = [{**rule, "ip": ["tcp:444"]} for rule in EACH_ONE]
    on_both = [{**rule, "ip": ["tcp:443-444"]} for rule in EACH_ONE[:3]]

    assert [
        ("in whole or in part for 157 of 160 pairs; the others had it before",),
        ("but for what they had before",),
    ] == [
        badges
        for before in ([*on_one_port, *on_both], on_one_port)
        for *_, badges, _ in lines(difference(before, [*before, wide], TAILNET))
    ]


def test_few_parts_are_told_one_by_one() -> None:
    found = difference(EACH_ONE[:2], [*EACH_ONE[:2], ALL], TAILNET)

    assert [
        ("group:all", "tag:db except 100.64.1.1, 100.64.1.2"),
        ("group:all except u0@example.com", "100.64.1.1"),
        ("group:all except u1@example.com", "100.64.1.2"),
    ] == sorted(line[:2] for line in lines(found))


def test_a_long_list_of_names_is_told_by_the_rule() -> None:
    """For every tailnet: the rule's group, but for those who had it before."""
    found = difference([FIRST_TEN], [FIRST_TEN, ALL])

    assert [("group:all", "tag:db", "gains", ("but for what they had before",), ())] == lines(found)


def test_a_list_that_the_rule_says_no_shorter_stays() -> None:
    everybody = {"src": PEOPLE, "dst": ["tag:db"], "ip": ["tcp:443"]}
    ((who, *_, badges, _),) = lines(difference([FIRST_TEN], [FIRST_TEN, everybody]))

    assert (sorted(PEOPLE[10:]), ()) == (sorted(who.split(", ")), badges)


def test_few_who_gain_are_named_though_the_parts_are_many() -> None:
    """A new member of a group is told by name, not by the group."""
    old = policy(*EACH_ONE, {**ALL, "src": ["group:new"]})
    policies = [policy_of({**old, "groups": {**old["groups"], "group:new": PEOPLE[:end]}}) for end in (1, 2)]
    more = [policy_of({**old, "groups": {**old["groups"], "group:new": PEOPLE[:end]}}) for end in (0, 9)]

    assert ["u1@example.com"] == [line[0] for line in lines(diff(policies[0], policies[1], tailnet_of(TAILNET)))]
    assert ["group:new"] == [line[0] for line in lines(diff(more[0], more[1], tailnet_of(TAILNET)))]


def test_what_is_agreed_to_piece_by_piece_is_agreed_to() -> None:
    """Lines need not cover those who had it before."""
    agreed = "".join(
        f"allow {', '.join(each for each in PEOPLE if each != PEOPLE[at])} -> 100.64.1.{at + 1} on tcp 443\n"
        for at in range(len(MACHINES))
    )
    whole, pieces, too_few = (
        difference(EACH_ONE, [*EACH_ONE, ALL], TAILNET, allow)
        for allow in ("allow group:all -> tag:db on tcp 443", agreed, agreed.split("\n", 1)[1])
    )

    assert [False, False, True] == [whole.gives_access, pieces.gives_access, too_few.gives_access]


def test_strangers_among_those_who_gain_are_told() -> None:
    """Ten addresses had it before, so that the rest of all addresses would be a long list."""
    old = [{"src": [f"203.0.113.{at}" for at in range(1, 40, 4)], "dst": ["tag:db"], "ip": ["tcp:443"]}]
    found = difference(old, [*old, {**ALL, "src": ["autogroup:danger-all"]}])

    assert [("autogroup:danger-all", "tag:db", True)] == [
        (", ".join(row.who.texts), ", ".join(row.what.texts), bool(row.inside)) for row in found.network
    ]
    assert [("shared", False), ("anyone", True)] == [(row.stranger, row.in_part) for row in found.exposure]


def test_cells_of_the_matrix_change_only_where_something_does() -> None:
    old, new = (policy_of(policy(*rules)) for rules in (EACH_ONE, [*EACH_ONE, ALL]))
    found = comparison(old, new, tailnet_of(TAILNET))
    before, after = found.space.views
    matrix = changed_matrix(found.space, found.diff.network, (accesses(before), accesses(after)))
    states = {
        (name, column): cell.state
        for name, cells in matrix.rows
        for column, cell in zip(matrix.columns, cells, strict=True)
    }

    assert bool(found.diff.network[0].inside)
    assert ("same", "gained", "gained") == tuple(
        states[pair]
        for pair in (
            ("u0@example.com", "100.64.1.1"),
            ("u0@example.com", "100.64.1.2"),
            ("group:all", "tag:db"),
        )
    )
