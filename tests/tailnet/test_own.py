"""aclc's own tailnet file: what is read, and what is said of a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.diagnostics import Diagnostic, Severity
from aclc.net import Address, parse_address, parse_prefix
from aclc.source import Source
from aclc.tailnet.load import load_tailnet, load_tailnets
from aclc.tailnet.model import Tailnet, User

FULL = """{
  // every field
  "schema_version": 1, "tailnet": "example.com", "domains": ["example.com"],
  "users": [{"login": "odin@example.com", "role": "owner"}, {"login": "thor@example.com"}],
  "nodes": [
    {"name": "beedrill", "id": "8213", "created": "2026-04-12T20:14:00.5Z", "user": null, "tags": ["tag:server"],
     "addresses": ["fd7a:115c:a1e0::1", "100.86.11.46"], "advertised_routes": ["10.33.0.0/16", "0.0.0.0/0"],
     "approved_routes": ["10.33.0.0/16"], "online": false, "posture": {"node:os": "linux", "custom:tier": 2},
     "shared": false, "extra": {"wireguard": {"public_key": "x"}}},
    {"name": "laptop", "user": "thor@example.com", "addresses": ["100.64.0.2"]},
  ],
}
"""


def loaded(text: str, name: str = "tailnet.json") -> Tailnet:
    """Give the tailnet of a text in which nothing is wrong."""
    outcome = load_tailnet(Source(name, text))
    assert [] == [found.message for found in outcome.diagnostics]
    assert outcome.value is not None
    return outcome.value


def findings(text: str, name: str = "tailnet.json") -> list[str]:
    """Give what is found, as `CODE line:column message`."""
    return [_line(found) for found in load_tailnet(Source(name, text)).diagnostics]


def _line(found: Diagnostic) -> str:
    at = found.span.source.position(found.span.start)
    return f"{found.code.id} {at.line}:{at.column} {found.message}"


def node(**fields: object) -> str:
    """Give a file of one node, on the second line, with some fields changed."""
    record = {"name": "a", "addresses": ["100.64.0.1"], "tags": ["tag:x"]} | fields
    return '{"nodes": [\n' + json.dumps({key: value for key, value in record.items() if value != "drop"}) + "]}"


def test_every_field_is_read() -> None:
    tailnet = loaded(FULL)
    assert ("example.com", ("example.com",)) == (tailnet.name, tailnet.domains)
    assert [("odin@example.com", "owner"), ("thor@example.com", "member")] == [user[:2] for user in tailnet.users]
    beedrill, laptop = tailnet.nodes
    assert ("beedrill", "8213", None, ("tag:server",)) == (beedrill.name, beedrill.id, beedrill.user, beedrill.tags)
    assert (parse_address("100.86.11.46"), parse_address("fd7a:115c:a1e0::1")) == beedrill.addresses
    assert 1776024840_500_000_000 == beedrill.created
    assert (parse_prefix("10.33.0.0/16"), parse_prefix("0.0.0.0/0")) == beedrill.advertised_routes
    assert (parse_prefix("10.33.0.0/16"),) == beedrill.approved_routes
    assert (False, {"node:os": "linux", "custom:tier": 2}) == (beedrill.online, dict(beedrill.posture))
    assert {"wireguard": {"public_key": "x"}} == dict(beedrill.extra)
    assert ("thor@example.com", (), None, None, True) == (
        laptop.user,
        laptop.advertised_routes,
        laptop.approved_routes,
        laptop.created,
        laptop.online,
    )


def test_nodes_and_users_know_where_they_stand() -> None:
    tailnet = loaded(FULL)
    assert tailnet.nodes[1].place is not None
    assert tailnet.users[0].place is not None
    assert (
        '{"name": "laptop", "user": "thor@example.com", "addresses": ["100.64.0.2"]}'
        == tailnet.nodes[1].place.span.text
    )
    assert '{"login": "odin@example.com", "role": "owner"}' == tailnet.users[0].place.span.text


def test_approved_routes_without_advertised_ones_are_both() -> None:
    only = loaded(node(approved_routes=["10.0.0.0/8"])).nodes[0]
    assert ((parse_prefix("10.0.0.0/8"),), (parse_prefix("10.0.0.0/8"),)) == (
        only.advertised_routes,
        only.approved_routes,
    )


def test_no_approved_routes_is_not_the_same_as_unknown() -> None:
    assert () == loaded(node(approved_routes=[], advertised_routes=["10.0.0.0/8"])).nodes[0].approved_routes
    assert None is loaded(node(advertised_routes=["10.0.0.0/8"])).nodes[0].approved_routes


def test_several_addresses_of_one_family_keep_their_order() -> None:
    addresses = loaded(node(addresses=["fd7a::2", "100.64.0.9", "fd7a::1", "100.64.0.3/32"])).nodes[0].addresses
    assert ["100.64.0.9", "100.64.0.3", "fd7a::2", "fd7a::1"] == [str(address) for address in addresses]


def test_an_owner_whom_the_file_does_not_list_is_a_member() -> None:
    tailnet = loaded('{"nodes": [{"name": "a", "addresses": ["100.64.0.1"], "user": "odin@example.com"}]}')
    assert (User("odin@example.com"),) == tailnet.users


def test_a_shared_node_adds_no_user() -> None:
    assert () == loaded(node(tags="drop", user="x@elsewhere.org", shared=True)).users


def test_an_empty_file_of_our_own_is_an_empty_tailnet() -> None:
    assert Tailnet("", (), (), ()) == loaded('{"nodes": []}')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (node(addresses="drop"), "TLN004 2:1 item 1 of `nodes` has no `addresses`"),
        (node(name="drop"), "TLN004 2:1 item 1 of `nodes` has no `name`"),
        ('{"users": [{"role": "owner"}]}', "TLN004 1:12 item 1 of `users` has no `login`"),
        (node(addresses=[]), "TLN006 2:28 `addresses` is empty"),
        (node(name=""), "TLN006 2:10 `name` is empty"),
        (node(addresses="100.64.0.1"), "TLN003 2:28 `addresses` must be a list, not a string"),
        (node(addresses=[7]), "TLN003 2:29 item 1 of `addresses` must be a string, not a number"),
        (node(id=[1]), "TLN003 2:69 `id` must be a string or an integer, not a list"),
        (node(id=True), "TLN003 2:69 `id` must be a string or an integer, not true"),
        (node(online="yes"), "TLN003 2:73 `online` must be a boolean, not a string"),
        (node(extra=[]), "TLN003 2:72 `extra` must be an object, not a list"),
        (
            node(posture={"node:os": None}),
            "TLN003 2:86 `node:os` must be a string, a boolean or a number, not null",
        ),
        ('{"nodes": {}}', "TLN003 1:11 `nodes` must be a list, not an object"),
        ('{"nodes": [3]}', "TLN003 1:12 item 1 of `nodes` must be an object, not a number"),
        ('{"users": [{"login": "a@b", "role": "admn"}]}', "TLN006 1:37 `role` cannot be `admn`"),
        ('{"schema_version": 2, "nodes": []}', "TLN006 1:20 `schema_version` cannot be `2`"),
        (node(nmae="b"), "TLN005 2:63 unknown field `nmae` is not read"),
        ('{"nodes": [], "user": []}', "TLN005 1:15 unknown field `user` is not read"),
        (node(addresses=["100.64.0.300"]), "TLN007 2:29 `100.64.0.300` is not an IP address"),
        (node(addresses=["100.64.0.0/24"]), "TLN007 2:29 `100.64.0.0/24` is not an IP address"),
        (node(advertised_routes=["10.1.0.0/33"]), "TLN008 2:85 `10.1.0.0/33` is not a CIDR block"),
        (node(advertised_routes=["10.1.0.0/8"]), "TLN008 2:85 `10.1.0.0/8` has bits set below its mask"),
        (node(created="yesterday"), "TLN009 2:74 `yesterday` is not a time"),
        (node(created="2026-02-30T00:00:00Z"), "TLN009 2:74 `2026-02-30T00:00:00Z` is not a time"),
        (node(created="2026-02-03T00:00:00"), "TLN009 2:74 `2026-02-03T00:00:00` is not a time"),
        (node(tags=["server"]), "TLN010 2:53 `server` is not a tag"),
        (node(tags=["tag:"]), "TLN010 2:53 `tag:` is not a tag"),
        (node(addresses=["100.64.0.1", "100.64.0.1"]), "TLN012 2:43 address `100.64.0.1` is given to this node twice"),
        (node(user="a@b"), "TLN014 2:71 node `a` has tags, so user `a@b` does not count"),
        (
            node(advertised_routes=[], approved_routes=["10.0.0.0/8"]),
            "TLN015 2:108 approved route `10.0.0.0/8` is not advertised, so it is not in force",
        ),
        (
            node(tags="drop"),
            "TLN017 2:10 node `a` has neither user nor tags, so only rules on addresses and `*` see it",
        ),
        ('{"users": [{"login": ""}]}', "TLN018 1:22 a user without a login is left out"),
        ("{}", "TLN002 1:1 this is not a tailnet file"),
        ('"x"', "TLN002 1:1 this is not a tailnet file"),
        ("[1]", "TLN002 1:1 this is not a tailnet file"),
    ],
)
def test_each_fault_is_told_with_its_place(text: str, expected: str) -> None:
    assert [expected] == findings(text)


def test_whatever_stands_twice_is_an_error_that_names_both_places() -> None:
    text = """{"users": [{"login": "a@b"},
  {"login": "a@b"}],
 "nodes": [{"name": "n", "tags": ["tag:x"], "addresses": ["100.64.0.1"]},
  {"name": "n", "tags": ["tag:x"], "addresses": ["100.64.0.2", "100.64.0.1"]}]}"""
    outcome = load_tailnet(Source("t", text))
    assert [
        "TLN013 2:13 user `a@b` is given twice",
        "TLN011 4:12 node `n` is given twice",
        "TLN012 4:64 address `100.64.0.1` is given to two nodes",
    ] == [_line(found) for found in outcome.diagnostics]
    assert ["first given here"] * 3 == [note.text for found in outcome.diagnostics for note in found.notes]
    assert None is outcome.value


def test_an_owner_who_is_not_among_the_users_is_probably_misspelt() -> None:
    text = """{"users": [{"login": "odin@example.com"}],
        "nodes": [{"name": "a", "addresses": ["100.64.0.1"], "user": "odn@example.com"}]}"""
    (found,) = load_tailnet(Source("t", text)).diagnostics
    assert ("tailnet-unknown-user", "did you mean `odin@example.com`?") == (found.code.slug, found.help)
    assert Severity.WARNING is found.severity


def test_every_fault_of_a_file_is_told_in_one_run() -> None:
    text = '{"nodes": [{"name": 1, "addresses": [2]}, {"addresses": ["100.64.0.1"]}, {"name": "c", "addresses": {}}]}'
    assert ["TLN003", "TLN003", "TLN003", "TLN004"] == sorted(line.split()[0] for line in findings(text))


def test_a_syntax_error_is_told_by_the_reader_of_hujson() -> None:
    (line,) = findings('{"nodes": [\n  {"name": "a" "addresses": []}]}')
    assert line.startswith("SYN")
    assert " 2:" in line


def test_several_files_make_one_tailnet() -> None:
    first = Source(
        "a",
        '{"tailnet": "t", "domains": ["x"], "nodes": [{"name": "a", "addresses": ["100.64.0.1"], "tags": ["tag:x"]}]}',
    )
    second = Source("b", '{"tailnet": "u", "domains": ["x", "y"], "users": [{"login": "a@x", "role": "admin"}]}')
    tailnet = load_tailnets((first, second)).value
    assert tailnet is not None
    assert ("t", ("x", "y"), ["a@x"], ["a"]) == (
        tailnet.name,
        tailnet.domains,
        [user.login for user in tailnet.users],
        [each.name for each in tailnet.nodes],
    )


def test_two_files_that_contradict_each_other_over_a_role_are_an_error() -> None:
    files = [Source(role, json.dumps({"users": [{"login": "a@x", "role": role}]})) for role in ("admin", "owner")]
    assert ["user `a@x` is given twice, as admin and as owner"] == [
        found.message for found in load_tailnets(files).diagnostics
    ]


def test_no_file_is_an_empty_tailnet() -> None:
    assert Tailnet("", (), (), ()) == load_tailnets(()).value


def test_every_tailnet_of_the_corpus_loads(corpus: Path) -> None:
    for path in sorted(corpus.glob("captures/*/*.json")):
        tailnet = json.loads(path.read_text(encoding="utf-8"))["tailnet"]
        outcome = load_tailnet(Source(path.name, json.dumps(tailnet)))
        assert outcome.value is not None, path
        assert [node["name"] for node in tailnet["nodes"]] == [node.name for node in outcome.value.nodes]
        assert {"tailnet-empty-login"} >= {found.code.slug for found in outcome.diagnostics}, path


def test_addresses_are_values() -> None:
    assert (Address(4, 0x64400001),) == loaded(node()).nodes[0].addresses
