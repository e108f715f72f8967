from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-sensitive-no-check"


POLICY = """{"tagOwners": {"%s": [], "tag:ci": []}, "ssh": [
    {"action": "%s", "src": ["%s"], "dst": ["%s"], "users": ["%s"]}]}"""


def found(tag: str, action: str = "accept", src: str = "a@example.com", user: str = "ubuntu") -> bool:
    return bool(findings(SLUG, POLICY % (tag, action, src, tag, user)))


def test_whole_words_of_the_name_tell() -> None:
    assert [found(tag) for tag in ("tag:prod", "tag:eu-Vault-1", "tag:product", "tag:web")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_asked_machines_and_what_others_say_is_left_out() -> None:
    assert not found("tag:prod", action="check")
    assert not found("tag:prod", src="tag:ci")
    assert not found("tag:prod", src="autogroup:member")
    assert not found("tag:prod", user="root")
