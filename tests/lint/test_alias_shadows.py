from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "alias-shadows"


def test_names_that_read_as_something_else_are_found() -> None:
    text = """{"hosts": {"10.0.0.1": "10.1.0.1", "group:eng": "10.1.0.2", "*": "10.1.0.3", "tags:web": "10.1.0.4",
                         "nas": "10.1.0.5", "nas.example.com": "10.1.0.6"}}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "host `10.0.0.1` can never be used, since its name reads as an address",
        "host `group:eng` can never be used, since its name reads as a group",
        "host `*` can never be used, since its name reads as everything",
        "host `tags:web` is easily taken for `tag:web`",
    ]


def test_a_name_with_an_at_sign_is_refused_by_the_reader_alone() -> None:
    assert findings(SLUG, """{"hosts": {"nas@home": "10.1.0.5"}}""") == []
