from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "unknown-autogroup"


def test_a_misspelt_autogroup_is_proposed_right() -> None:
    text = """{"grants": [{"src": ["autogroup:memebr"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text) == [("autogroup `autogroup:memebr` does not exist", "did you mean `autogroup:member`?")]


def test_an_autogroup_may_be_right_elsewhere() -> None:
    text = """{"grants": [{"src": ["autogroup:nonroot"], "dst": ["autogroup:shared"], "ip": ["*"]}]}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "`autogroup:nonroot` is not allowed in `src` of a grant",
        "`autogroup:shared` is not allowed in `dst` of a grant",
    ]


def test_sources_of_ssh_are_refused_in_the_words_of_a_report() -> None:
    text = (
        """{"ssh": [{"action": "check", "src": ["autogroup:shared"], "dst": ["autogroup:self"], "users": ["root"]}]}"""
    )
    assert findings(SLUG, text) == [("error", '"autogroup:shared"', '"autogroup:shared" is not allowed in src')]


def test_roles_and_the_old_spelling_of_member_are_fine() -> None:
    text = """{"grants": [{"src": ["autogroup:members", "autogroup:it-admin", "autogroup:auditor"],
                           "dst": ["autogroup:tagged", "autogroup:network-admin"], "ip": ["*"]}],
               "nodeAttrs": [{"target": ["autogroup:admin"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == []
