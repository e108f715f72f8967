from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "default-src-posture"


def policy(posture: str) -> str:
    return f"""{{"postures": {{"posture:a": ["node:os == 'linux'"],
        "posture:ab": ["node:os == 'linux'", "ip:country == 'DE'"],
        "posture:c": ["node:os == 'macos'"]}}, "defaultSrcPosture": ["posture:a"], "tagOwners": {{"tag:a": []}},
        "grants": [{{"src": ["autogroup:member"], "dst": ["tag:a"], "ip": ["*"]{posture}}}]}}"""


def test_a_posture_that_asks_more_is_no_hole() -> None:
    assert findings(SLUG, policy("")) == []
    assert findings(SLUG, policy(', "srcPosture": ["posture:ab"]')) == []


def test_one_that_asks_less_beside_it_is() -> None:
    text = policy(', "srcPosture": ["posture:ab", "posture:c"]')
    assert messages(SLUG, text)[0][0] == "1 of 1 rules replace this default by another posture"
