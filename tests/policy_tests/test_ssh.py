"""`sshTests`: verdicts beyond those that were captured, messages and places."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy_tests.asking import TAILNET, ask, verdict

ALICE = "alice@example.com"


def rule(src: str, dst: str, *users: str, action: str = "accept", **more: Any) -> dict[str, Any]:
    """Give an ssh rule."""
    return {"action": action, "src": [src], "dst": [dst], "users": list(users) or ["root"], **more}


def tried(rules: dict[str, Any] | list[dict[str, Any]], tailnet: dict[str, Any] | None = None, **test: Any) -> str:
    """Give the verdict on one ssh test of one rule (or several)."""
    return verdict(ask({"ssh": rules if isinstance(rules, list) else [rules], "sshTests": [test]}, tailnet))


@pytest.mark.parametrize(
    ("src", "dst", "target", "expected"),
    [
        (ALICE, "tag:web", "tag:web", "holds"),
        ("group:eng", "tag:web", "tag:web", "holds"),
        ("autogroup:member", "autogroup:tagged", "tag:web", "holds"),
        ("autogroup:admin", "tag:web", "tag:web", "undecided"),
        ("autogroup:member", "autogroup:self", ALICE, "holds"),
        ("autogroup:member", "autogroup:self", "bob@example.com", "fails"),
        (ALICE, ALICE, ALICE, "holds"),
        ("tag:ci", "tag:web", "tag:web", "fails"),
        (ALICE, "tag:db", "tag:web", "fails"),
        (ALICE, "tag:web", "web", "undecided"),
        (ALICE, "tag:web", "db", "fails"),
    ],
)
def test_who_gets_in_where(src: str, dst: str, target: str, expected: str) -> None:
    assert expected == tried(rule(src, dst), src=ALICE, dst=[target], accept=["root"])


def test_with_a_tailnet_file_roles_and_addresses_are_known() -> None:
    assert "holds" == tried(rule("autogroup:admin", "tag:web"), TAILNET, src=ALICE, dst=["web"], accept=["root"])
    assert "holds" == tried(rule(ALICE, "tag:web"), TAILNET, src="100.64.0.2", dst=["tag:web"], accept=["root"])
    assert "fails" == tried(rule(ALICE, "tag:web"), TAILNET, src="100.64.0.77", dst=["tag:web"], accept=["root"])
    assert "holds" == tried(rule(ALICE, "tag:db"), TAILNET, src=ALICE, dst=["tag:db"], accept=["root"])
    assert "fails" == tried(rule(ALICE, "tag:db"), TAILNET, src=ALICE, dst=["tag:db", "tag:web"], accept=["root"])


@pytest.mark.parametrize(
    ("users", "login", "expected"),
    [
        (["root"], "root", "holds"),
        (["root"], "alice", "fails"),
        (["autogroup:nonroot"], "alice", "holds"),
        (["autogroup:nonroot"], "root", "fails"),
        (["localpart:*@example.com"], "alice", "holds"),
        (["localpart:*@example.com"], "bob", "fails"),
        (["localpart:*@example.org"], "alice", "fails"),
        (["ubuntu", "root"], "ubuntu", "holds"),
        (["autogroup:nonroot"], "", "fails"),
        (["autogroup:nonroot"], " ", "fails"),
    ],
)
def test_logins(users: list[str], login: str, expected: str) -> None:
    assert expected == tried(rule(ALICE, "tag:web", *users), src=ALICE, dst=["tag:web"], accept=[login])


@pytest.mark.parametrize(
    ("actions", "wish", "expected"),
    [
        (["accept"], "accept", "holds"),
        (["accept"], "check", "fails"),
        (["accept"], "deny", "fails"),
        (["check"], "accept", "undecided"),
        (["check"], "check", "holds"),
        (["check"], "deny", "fails"),
        (["accept", "check"], "check", "holds"),
        (["accept", "check"], "accept", "undecided"),
        ([], "deny", "holds"),
        ([], "check", "fails"),
    ],
)
def test_checks(actions: list[str], wish: str, expected: str) -> None:
    """A check goes before an accept wherever it stands; whether `accept` is content with it is not known."""
    rules = [rule(ALICE, "tag:web", action=action) for action in actions]
    test: dict[str, Any] = {"src": ALICE, "dst": ["tag:web"], wish: ["root"]}
    assert expected == tried(rules, **test)


def test_a_group_is_somebody_who_is_in_it_and_nothing_else() -> None:
    test: dict[str, Any] = {"src": "group:eng", "dst": ["tag:web"]}
    assert "holds" == tried(rule("group:eng", "tag:web"), **test, accept=["root"])
    assert "undecided" == tried(rule("autogroup:member", "tag:web"), **test, accept=["root"])
    assert "undecided" == tried(rule(ALICE, "tag:web"), **test, deny=["root"])
    assert "fails" == tried(rule(ALICE, "tag:web"), **test, accept=["root"])


def test_localparts_open_ones_own_devices_too_and_whether_tests_know_is_not_known() -> None:
    own = rule("autogroup:member", "tag:web", "localpart:*@example.com")
    assert "undecided" == tried(own, src=ALICE, dst=[ALICE], deny=["alice"])
    assert "holds" == tried(own, src=ALICE, dst=["bob@example.com"], deny=["alice"])


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ({"src": ALICE, "dst": ["tag:web"]}, "an ssh test needs `accept`, `check` or `deny`"),
        ({"dst": ["tag:web"], "accept": ["root"]}, "an ssh test needs a source"),
        ({"src": "group:x", "dst": ["tag:web"], "deny": ["root"]}, "group `group:x` is not defined"),
        ({"src": ALICE, "dst": ["nohost"], "deny": ["root"]}, "host `nohost` is not defined"),
        ({"src": ALICE, "dst": ["net"], "deny": ["root"]}, "`net` is more than one address"),
        ({"src": ALICE, "dst": ["tag:web"], "deny": [""]}, "the empty login gets in nowhere"),
    ],
)
def test_what_cannot_be_tested_fails(test: dict[str, Any], message: str) -> None:
    (found,) = ask({"ssh": [], "sshTests": [test]})
    assert ("TST004", message, "test(s) failed") == (found.code.id, found.message, found.control)


@pytest.mark.parametrize("dst", ["tag:none", "10.0.0.0/8", "autogroup:internet", "*"])
def test_what_the_control_plane_refuses_beforehand_is_left_to_the_lint_rule(dst: str) -> None:
    assert () == ask({"ssh": [], "sshTests": [{"src": ALICE, "dst": [dst], "deny": ["root"]}]})


@pytest.mark.parametrize("dst", [[], ["svc:pg"], ["autogroup:member"]])
def test_what_nobody_knows_is_said_and_not_guessed(dst: list[str]) -> None:
    assert "undecided" == verdict(ask({"ssh": [], "sshTests": [{"src": ALICE, "dst": dst, "deny": ["root"]}]}))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"accept": ["root"]}, "fails"),
        ({"accept": ["root"], "srcPostureAttrs": {"node:os": "linux"}}, "holds"),
        ({"deny": ["root"]}, "posture"),
        ({"deny": ["ubuntu"]}, "holds"),
        ({"deny": ["root"], "srcPostureAttrs": {"node:os": "windows"}}, "holds"),
    ],
)
def test_postures(test: dict[str, Any], expected: str) -> None:
    guarded = rule(ALICE, "tag:web", srcPosture=["posture:linux"])
    sections = {"postures": {"posture:linux": ["node:os == 'linux'"]}, "ssh": [guarded]}
    assert expected == verdict(ask({**sections, "sshTests": [{"src": ALICE, "dst": ["tag:web"], **test}]}))


def test_a_failure_stands_at_its_login_and_points_to_the_rule() -> None:
    refused, let_in, unchecked = ask(
        {
            "ssh": [rule(ALICE, "tag:web", "root", "ubuntu")],
            "sshTests": [
                {"src": ALICE, "dst": ["tag:web"], "accept": ["alice"], "check": ["root"], "deny": ["ubuntu"]}
            ],
        }
    )[::1]
    session = f"`{ALICE}` at `tag:web` as"
    assert ('"alice"', f"{session} `alice` does not get in, but should") == (refused.span.text, refused.message)
    assert ["this rule lets in only as `root`, `ubuntu`"] == [note.text for note in refused.notes]
    assert ('"root"', f"{session} `root` gets in without a check, but should be checked") == (
        let_in.span.text,
        let_in.message,
    )
    assert ('"ubuntu"', f"{session} `ubuntu` gets in, but should not") == (unchecked.span.text, unchecked.message)
    assert [('"accept"', "let in here")] == [(note.span.text, note.text) for note in unchecked.notes]
