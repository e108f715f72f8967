from __future__ import annotations

from tests.lint.checking import findings, tailnet_of

SLUG = "allow-all"


def places(text: str) -> list[str]:
    return [span for _, span, _ in findings(SLUG, text)]


def test_every_spelling_of_everything_is_found() -> None:
    for src in (
        '["*"]',
        '["autogroup:danger-all"]',
        '["0.0.0.0/0", "::/0"]',
        '["autogroup:member", "autogroup:tagged"]',
    ):
        for dst in ('["*:*"]', '["0.0.0.0/0:*", "::/0:*"]', '["*:1-32767", "*:32768-65535"]'):
            text = f'{{"acls": [{{"action": "accept", "src": {src}, "dst": {dst}}}]}}'
            assert len(places(text)) == 1, text


def test_all_but_a_port_a_protocol_or_a_kind_of_device_is_not_everything() -> None:
    for rule in (
        '{"src": ["*"], "dst": ["*"], "ip": ["1-100", "102-65535"]}',
        '{"src": ["*"], "dst": ["*"], "ip": ["tcp:*"]}',
        '{"src": ["autogroup:member"], "dst": ["*"], "ip": ["*"]}',
        '{"src": ["*"], "dst": ["autogroup:member"], "ip": ["*"]}',
        '{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}',
    ):
        assert places(f'{{"grants": [{rule}]}}') == []


def test_protocols_add_up() -> None:
    text = """{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp:*", "udp:*"]}]}"""
    assert len(places(text)) == 1


def test_a_policy_without_rules_is_for_another_rule() -> None:
    assert places("{}") == []


def test_a_posture_keeps_some_out() -> None:
    text = """{"postures": {"posture:a": ["node:os == 'linux'"]},
        "grants": [{"src": ["*"], "srcPosture": ["posture:a"], "dst": ["*"], "ip": ["*"]}]}"""
    assert places(text) == []


def test_a_group_of_everybody_is_everybody() -> None:
    tailnet = tailnet_of(
        """{"schema_version": 1, "users": [{"login": "a@example.com"}, {"login": "b@example.com"}], "nodes": [
        {"name": "x", "addresses": ["100.64.0.1"], "user": "a@example.com"},
        {"name": "y", "addresses": ["100.64.0.2"], "user": "b@example.com"}]}"""
    )
    text = """{"groups": {"group:all": ["a@example.com", "b@example.com"]},
        "grants": [{"src": ["group:all"], "dst": ["group:all"], "ip": ["*"]}]}"""
    assert len(findings(SLUG, text, tailnet)) == 1
    assert findings(SLUG, text) == []
