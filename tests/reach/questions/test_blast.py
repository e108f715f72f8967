"""The blast radius: direct reach, what can be taken over and how, and what falls with it."""

from __future__ import annotations

from aclc.reach.population.principals import principal
from aclc.reach.questions.answers import BlastAnswer, blast_answer
from aclc.reach.words.setting import setting
from tests.properties.strategies import Json
from tests.reach.engine import policy_of, tailnet_of

TAILNET = {
    "schema_version": 1,
    "users": [{"login": "a@example.com"}, {"login": "b@example.com"}],
    "nodes": [
        {"name": "laptop", "user": "a@example.com", "addresses": ["100.64.0.1"]},
        {"name": "other", "user": "b@example.com", "addresses": ["100.64.0.2"]},
        {"name": "jump", "tags": ["tag:jump"], "addresses": ["100.64.0.3"]},
        {"name": "db", "tags": ["tag:db"], "addresses": ["100.64.0.4"]},
        {"name": "vault", "tags": ["tag:vault"], "addresses": ["100.64.0.5"]},
    ],
}
POLICY = {
    "tagOwners": {"tag:jump": [], "tag:db": [], "tag:vault": ["tag:db"]},
    "grants": [
        {"src": ["a@example.com"], "dst": ["tag:jump"], "ip": ["tcp:22"]},
        {"src": ["tag:jump"], "dst": ["tag:db"], "ip": ["tcp:22", "tcp:5432"]},
        {"src": ["tag:vault"], "dst": ["b@example.com"], "ip": ["tcp:80"]},
    ],
    "ssh": [
        {"action": "check", "src": ["a@example.com"], "dst": ["tag:jump"], "users": ["ops"]},
        {"action": "accept", "src": ["tag:jump"], "dst": ["tag:db"], "users": ["root"]},
    ],
}


def answer(who: str, policy: Json = POLICY, tailnet: Json = TAILNET) -> BlastAnswer:
    read = policy_of(policy)
    loaded = tailnet_of(tailnet) if tailnet else None
    asked = principal(who, read, loaded)
    return blast_answer(setting([read], loaded, [asked.selector]), read, asked)


def test_what_is_taken_over_comes_step_by_step_with_the_way_there() -> None:
    found = answer("laptop")

    assert [("tag:jump", 1), ("tag:db", 2), ("tag:vault", 3)] == [
        (way.what.words(), way.level) for way in found.takeovers
    ]
    assert (
        "laptop opens SSH to jump as ops (policy.hujson:1; port 22 by policy.hujson:1)",
        "jump opens SSH to db as root (policy.hujson:1; port 22 by policy.hujson:1)",
        "db may apply tag:vault (policy.hujson:1), which gives the rights of vault",
    ) == found.takeovers[-1].steps


def test_what_falls_with_it_is_counted_without_itself() -> None:
    found = answer("laptop")

    assert (1, 4) == (found.reached.nodes, found.total.nodes)
    assert [("tag:jump", "tag:db"), ("tag:vault", "b@example.com")] == [
        (row.who.words(), row.what.words()) for row in found.beyond
    ]


def test_whoever_leads_nowhere_falls_alone() -> None:
    found = answer("other")

    assert ((), (), (), 0) == (found.direct, found.takeovers, found.beyond, found.total.nodes)


def test_without_a_tailnet_it_speaks_of_selectors() -> None:
    found = answer("a@example.com", tailnet=None)

    assert ["tag:jump", "tag:db", "tag:vault"] == [way.what.words() for way in found.takeovers]


def test_a_router_brings_its_networks() -> None:
    """Whoever controls a router sends packets from the addresses behind it."""
    policy = {
        "tagOwners": {"tag:router": ["a@example.com"]},
        "grants": [{"src": ["10.0.0.0/8"], "dst": ["b@example.com"], "ip": ["tcp:80"]}],
    }
    tailnet = {
        **TAILNET,
        "nodes": [
            *TAILNET["nodes"][:2],  # type: ignore[index]  # a list, as JSON has it
            {
                "name": "router",
                "tags": ["tag:router"],
                "addresses": ["100.64.0.9"],
                "advertised_routes": ["10.1.0.0/16"],
                "approved_routes": ["10.1.0.0/16"],
            },
        ],
    }
    (row,) = answer("laptop", policy, tailnet).beyond

    assert ("10.1.0.0/16", "b@example.com") == (row.who.words(), row.what.words())


def test_a_part_of_whoever_is_asked_about_goes_by_its_rule_where_names_would_be_many() -> None:
    people = [f"p{number}@example.com" for number in range(12)]
    policy = {
        "groups": {"group:all": people, "group:paris": [*people[:9], "x@example.com"]},
        "tagOwners": {"tag:db": []},
        "grants": [{"src": ["group:paris"], "dst": ["tag:db"], "ip": ["tcp:80"]}],
    }
    tailnet = {
        "schema_version": 1,
        "users": [{"login": each} for each in [*people, "x@example.com"]],
        "nodes": [
            {"name": "db", "tags": ["tag:db"], "addresses": ["100.64.1.1"]},
            *(
                {"name": each.partition("@")[0], "user": each, "addresses": [f"100.64.0.{number}"]}
                for number, each in enumerate([*people, "x@example.com"], 1)
            ),
        ],
    }
    (row,) = answer("group:all", policy, tailnet).direct

    assert ("group:all in group:paris", 9) == (row.who.words(), row.who.nodes)
