"""Long parameters show what tells them from others."""

from __future__ import annotations

import json

import pytest

from aclc.reach.difference.diff import diff
from aclc.reports.diff_blocks import blocks
from aclc.reports.value_words import LONGEST_VALUE, value_text
from tests.properties.strategies import Json
from tests.reach.engine import policy_of

DOMAINS = [f"{name}.example.com" for name in "abcdefghijklmno"]
WAS = {"name": "eu", "connectors": ["tag:eu"], "domains": DOMAINS, "routes": ["192.0.2.0/24"]}


def told(now: Json, *others: Json) -> str:
    return value_text(json.dumps(now), [json.dumps(each) for each in others])


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ({**WAS, "routes": ["192.0.2.0/24", "198.51.100.0/24"]}, '{"name":"eu","routes":["198.51.100.0/24",…],…}'),
        (
            {**WAS, "domains": [*DOMAINS, "z.example.com"], "more": True},
            '{"domains":["z.example.com",…],"more":true,"name":"eu",…}',
        ),
        ({**WAS, "routes": []}, '{"name":"eu","routes":[],…}'),
        (WAS, '{"name":"eu",…}'),
    ],
)
def test_a_long_value_shows_what_the_one_most_like_it_has_not(now: Json, text: str) -> None:
    assert text == told(now, {"name": "us", "connectors": ["tag:us"]}, WAS)


def test_a_long_value_that_is_like_no_other_is_cut() -> None:
    assert told(WAS, ["x"]) == told(WAS)
    assert LONGEST_VALUE == len(told(WAS))


def test_a_short_value_is_whole() -> None:
    assert '{"routes":["192.0.2.0/24"]}' == told({"routes": ["192.0.2.0/24"]}, {"routes": ["192.0.2.0/24", "::/0"]})


def test_a_difference_shows_what_differs_on_either_side() -> None:
    def policy(routes: list[str]) -> Json:
        app = {"tailscale.com/app-connectors": [{**WAS, "routes": routes}]}
        return {"tagOwners": {"tag:eu": []}, "nodeAttrs": [{"target": ["*"], "app": app}]}

    found = diff(policy_of(policy(["192.0.2.0/24"])), policy_of(policy(["192.0.2.0/24", "198.51.100.0/24"])))
    (block,) = blocks(found)

    assert [
        ('tailscale.com/app-connectors {"name":"eu","routes":["198.51.100.0/24",…],…}',),
        ('tailscale.com/app-connectors {"name":"eu","routes":[…],…}',),
    ] == [row.what for row in block.rows]


def test_features_of_the_same_lines_are_one_row() -> None:
    attrs = {"nodeAttrs": [{"target": ["tag:eu"], "attr": ["funnel", "mullvad", "nextdns:a"]}]}
    found = diff(policy_of({"tagOwners": {"tag:eu": []}}), policy_of({"tagOwners": {"tag:eu": []}, **attrs}))

    assert [("funnel", "mullvad", "nextdns:a")] == [
        row.what for block in blocks(found) for row in block.rows if block.key == "node_attrs"
    ]
