from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-posture"


def test_every_list_of_postures_is_looked_at() -> None:
    text = """{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"], "srcPosture": ["posture:a"]}],
               "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "srcPosture": ["posture:b"]}],
               "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"],
                        "srcPosture": ["posture:c"]}],
               "defaultSrcPosture": ["posture:d"]}"""
    assert findings(SLUG, text) == [("error", f'"posture:{name}"', None) for name in "abcd"]


def test_a_name_without_its_prefix_is_explained() -> None:
    text = """{"postures": {"posture:mac": ["node:os == 'macos'"]}, "defaultSrcPosture": ["mac", "win"]}"""
    assert messages(SLUG, text) == [
        ("`mac` is not a posture", "did you mean `posture:mac`?"),
        ("`win` is not a posture", "write `posture:` and the name of one that `postures` defines"),
    ]
