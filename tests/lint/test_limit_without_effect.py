from __future__ import annotations

from tests.lint.checking import diagnose, findings, messages

SLUG = "limit-without-effect"

POLICY = """{"groups": {"group:media": ["a@example.com"]}, "tagOwners": {"tag:tv": [], "tag:nas": []}, "grants": [
    {"src": ["group:media"], "dst": ["%s"], "ip": ["*"]},
    {"src": ["group:media"], "dst": ["tag:tv"], "ip": ["tcp:8096"]}, // %s
    {"src": ["group:media"], "dst": ["tag:nas"], "ip": ["udp:53"]}]}"""


def test_the_word_and_both_places_are_told_instead_of_a_repair() -> None:
    text = POLICY % ("tag:tv", "Only the player")
    assert messages(SLUG, text) == [
        (
            "the comment says `only`, but another rule opens all of this and more, so nobody is limited",
            "narrow the wider rule, or remove this one with its comment",
        )
    ]
    found = [each for each in diagnose(text) if each.code.slug == SLUG]
    assert [note.span.text for note in found[0].notes] == [
        "// Only the player",
        '{"src": ["group:media"], "dst": ["tag:tv"], "ip": ["*"]}',
    ]
    assert findings("subsumed-rule", text) == []


def test_an_allow_all_takes_every_limit_away() -> None:
    text = (POLICY % ("*", "block the rest")).replace(
        '"src": ["group:media"], "dst": ["*"]', '"src": ["*"], "dst": ["*"]'
    )
    assert len(findings(SLUG, text)) == 1


def test_a_limit_that_holds_and_a_comment_without_one_are_left_alone() -> None:
    assert findings(SLUG, POLICY % ("tag:nas", "only the player")) == []
    assert findings(SLUG, POLICY % ("tag:tv", "the player")) == []
    assert len(findings("subsumed-rule", POLICY % ("tag:tv", "the player"))) == 1
