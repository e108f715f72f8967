from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "aggregatable-cidr"


def policy(*dst: str) -> str:
    listed = ", ".join(f'"{each}"' for each in dst)
    return f"""{{"acls": [{{"action": "accept", "src": ["*"], "dst": [{listed}]}}]}}"""


def test_halves_with_the_same_ports() -> None:
    text = policy("10.0.1.0/24:80", "10.0.0.0/24:80")
    assert messages(SLUG, text)[0][0] == "`10.0.1.0/24` and `10.0.0.0/24` are the halves of `10.0.0.0/23`"
    assert findings(SLUG, policy("10.0.1.0/24:80", "10.0.0.0/24:443")) == []


def test_neighbours_that_are_no_halves_and_single_addresses() -> None:
    assert findings(SLUG, policy("10.0.1.0/24:80", "10.0.2.0/24:80")) == []
    assert findings(SLUG, policy("10.0.0.2:80", "10.0.0.3:80")) == []
