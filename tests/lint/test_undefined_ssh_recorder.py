from __future__ import annotations

from tests.lint.checking import messages

SLUG = "undefined-ssh-recorder"


def test_recorders_are_tags_and_defined() -> None:
    text = """{"tagOwners": {"tag:tape": []},
               "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"],
                        "recorder": ["tag:tape", "tag:tap", "tape"]}]}"""
    assert messages(SLUG, text) == [
        ("recorder `tag:tap` is not defined", "did you mean `tag:tape`?"),
        ("`tape` cannot be a recorder", "name the tag of the nodes that run the recorder"),
    ]
