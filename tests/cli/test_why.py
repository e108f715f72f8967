"""`aclc why` as a user runs it: the questions that people most often get wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclc.cli.why_command import split_destination
from tests.cli.running import run
from tests.reports.schemas import WHY

HOME = Path(__file__).parents[2] / "policies" / "homelab"
TAILNET = ("--tailnet", "tailnet.json")


def ask(*words: str) -> tuple[int, str]:
    """Ask about the home network; give the exit code and the answer."""
    done = run("why", *words, folder=HOME)
    assert "" == done.err
    return done.code, done.out


@pytest.mark.parametrize(
    ("question", "verdict", "words"),
    [
        (("ana@example.com", "tag:nas:445"), "allowed", ["policy.hujson:31"]),
        (
            ("dan@example.com", "printer:22"),
            "refused",
            ["does not open the port", 'add "tcp:22" to `ip` of the rule in line 35'],
        ),
        (
            ("caro@example.com", "tag:nas:445"),
            "refused",
            ["does not name the source", "to allow it: add a grant"],
        ),
        (("caro-tablet", "printer:631", *TAILNET), "allowed", ["route", "approved, through hall"]),
        (("caro-tablet", "hall:22", *TAILNET), "refused", ["no rule lets it in"]),
        (("ana-phone", "ana-laptop:80", *TAILNET), "allowed", ["autogroup:self"]),
        (
            ("ana-phone", "ben-laptop:80", *TAILNET),
            "refused",
            ['"src": ["ana@example.com"], "dst": ["ben@example.com"]'],
        ),
        (("ana-phone", "8.8.8.8:53/udp", *TAILNET), "allowed", ["only exit nodes lead there: hall"]),
        (
            ("jellyfin", "8.8.8.8:53/udp", *TAILNET),
            "refused",
            ["a tagged node has no owner", '"autogroup:internet"'],
        ),
        (
            ("ben-laptop", "nas:22", "--ssh-user", "root", *TAILNET),
            "allowed",
            ["after asking the person again (check)"],
        ),
        (
            ("ben-laptop", "nas:22", "--ssh-user", "nobody", *TAILNET),
            "refused",
            ["no rule in `ssh` lets it in as nobody"],
        ),
        (
            ("tag:media", "tag:nas:22"),
            "allowed",
            ["no rule in `ssh` lets it in; an SSH server of the machine's own"],
        ),
    ],
)
def test_every_layer_is_told(question: tuple[str, ...], verdict: str, words: list[str]) -> None:
    code, text = ask(*question)

    assert (0 if verdict == "allowed" else 1) == code
    assert f": {verdict}\n" in text
    assert [] == [word for word in words if word not in text]


def test_json_says_the_same() -> None:
    done = run("why", "ana@example.com", "tag:nas:445", "--format", "json", folder=HOME)
    document = json.loads(done.out)

    WHY.validate(document)
    assert "yes" == document["verdict"]
    assert [31] == [rule["span"]["start"]["line"] for rule in document["network"]["allowed_by"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tag:nass", "tag:nas:1"), "did you mean `tag:nas`?"),
        (("parents", "tag:nas:1"), "did you mean `group:parents`?"),
        (("autogroup:mmber", "tag:nas:1"), "did you mean `autogroup:member`?"),
        (("ana@exmaple.com", "tag:nas:1", *TAILNET), "did you mean `ana@example.com`?"),
        (("ana-phone.tail1234.ts.net", "tag:nas:1", *TAILNET), "did you mean `ana-phone`?"),
        (("", "tag:nas:1"), "nothing is written there"),
        (("ana@example.com", "tag:nas:80-90"), "ask about one port at a time"),
        (("ana@example.com", "tag:nas:80,443"), "ask about one port at a time"),
        (("ana@example.com", "prnter:1"), "did you mean `printer`?"),
        (("ana@example.com", "tag:nas:99999"), "is no port"),
        (("ana@example.com", "tag:nas:22/tpc"), "is no protocol"),
        (("ana@example.com", "tag:nas/udp"), "which port? Write tag:nas:PORT/udp"),
        (("ana@example.com", "tag:nas:22/icmp"), "icmp has no ports; write tag:nas/icmp"),
        (("ana@example.com", "tag:nas:22", "--posture", "x"), "like node:os=linux"),
    ],
)
def test_a_question_about_nothing_is_wrong_use(words: tuple[str, ...], said: str) -> None:
    done = run("why", *words, folder=HOME)

    assert 2 == done.code
    assert said in done.err


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("tag:web", ("tag:web", 6, None)),
        ("tag:web:443", ("tag:web", 6, 443)),
        ("tag:web:53/udp", ("tag:web", 17, 53)),
        ("web", ("web", 6, None)),
        ("web:80", ("web", 6, 80)),
        ("10.0.0.0/8", ("10.0.0.0/8", 6, None)),
        ("10.0.0.1:22", ("10.0.0.1", 6, 22)),
        ("fd00::1", ("fd00::1", 6, None)),
        ("10.0.0.0/8:443", ("10.0.0.0/8", 6, 443)),
        ("fd00::/48:443", ("fd00::/48", 6, 443)),
        ("[fd00::/48]:443/udp", ("fd00::/48", 17, 443)),
        ("tag:web/icmp", ("tag:web", 1, 0)),
        ("tag:web:0/gre", ("tag:web", 47, 0)),
        ("user:*@example.com:443", ("user:*@example.com", 6, 443)),
        ("[fd00::1]:22/udp", ("fd00::1", 17, 22)),
        ("autogroup:internet:*", ("autogroup:internet", 6, None)),
    ],
)
def test_a_destination_is_split(text: str, parts: tuple[str, int, int | None]) -> None:
    assert parts == split_destination(text)


SERVICES = """{
	"autoApprovers": {"services": {"svc:wiki": ["tag:k8s"]}},
	"tagOwners": {"tag:k8s": []},
	"grants": [{"src": ["autogroup:member"], "dst": ["svc:wiki"], "ip": ["tcp:443"]}],
}
"""


@pytest.mark.parametrize(
    ("question", "code", "words"),
    [
        (("autogroup:member", "svc:wiki:443"), 0, "allowed"),
        (("tag:k8s", "svc:wiki:443"), 1, '{"src": ["tag:k8s"], "dst": ["svc:wiki"], "ip": ["tcp:443"]}'),
        (("svc:wiki", "tag:k8s:443"), 1, "`svc:wiki` is a destination only: nothing sends as it"),
        (("tag:k8s", "svc:viki:443"), 2, "did you mean `svc:wiki`?"),
    ],
)
def test_services_are_destinations(tmp_path: Path, question: tuple[str, str], code: int, words: str) -> None:
    (tmp_path / "policy.hujson").write_text(SERVICES)
    done = run("why", *question, folder=tmp_path)

    assert code == done.code
    assert words in done.out + done.err


SAID = (
    ("tag:web:-1", "`-1` in `tag:web:-1` is no port; ask about one from 1 to 65535, or leave the colon out for any"),
    ("tag:web:", "`tag:web:`: a port is missing behind the colon"),
    ("tag:web:443/tpc", "`tpc` in `tag:web:443/tpc` is no protocol; did you mean `tcp`?"),
    ("tag:web/", "`tag:web/`: a protocol is missing behind /"),
    ("tag:web:22/tcp/udp", "ask about one protocol at a time"),
    ("10.0.0.0/33:22", "`10.0.0.0/33` is no network: the length of a prefix is at most 32, for IPv6 128"),
    ("tag:other", "the policy does not know `tag:other`; there are `tag:web`, `tag:db`"),
    ("group:none", "the policy does not know `group:none`; the policy defines no groups"),
    ("posture:x", "a posture is nobody: --posture says what the source shows"),
    ("x" * 900, "x" * 59 + "…`"),
)


@pytest.mark.parametrize(("words", "said"), SAID)
def test_what_cannot_be_asked_about_is_said_with_what_can(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "policy.hujson").write_text('{"tagOwners": {"tag:web": [], "tag:db": []}, "grants": []}')
    done = run("why", "ann@example.com", words, folder=tmp_path)

    assert 2 == done.code
    assert said in done.err
    assert len(done.err) < 300


def test_a_session_needs_somebody(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text('{"tagOwners": {"tag:web": []}, "grants": []}')
    done = run("why", "ann@example.com", "tag:web", "--ssh-user", "", folder=tmp_path)

    assert (2, "Error: --ssh-user: whose session? Write a login, like root\n") == (done.code, done.err)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ('"action": "block", ', "line 1 says `block`, which no control plane takes: rules only allow"),
        ('"action": "check", ', "asking people again is for entries of `ssh`"),
        ("", "line 1 has no `action`"),
    ],
)
def test_another_action_than_accept_is_told_where_it_touches_the_question(
    tmp_path: Path, action: str, said: str
) -> None:
    acl = f'{{{action}"src": ["autogroup:member"], "dst": ["tag:web:22"]}}'
    (tmp_path / "policy.hujson").write_text(f'{{"tagOwners": {{"tag:web": [], "tag:db": []}}, "acls": [{acl}]}}')
    told = run("why", "ann@example.com", "tag:web:22", folder=tmp_path).out
    other = run("why", "ann@example.com", "tag:db:22", folder=tmp_path).out

    assert said in " ".join(told.split())
    assert "note: line" not in other


@pytest.mark.parametrize(
    ("members", "said"),
    [([], "`group:a` has no members"), (["ann"], "no member of `group:a` is a login, which has an @ in it: `ann`")],
)
def test_a_group_of_nobody_is_told(tmp_path: Path, members: list[str], said: str) -> None:
    policy = {"groups": {"group:a": members}, "tagOwners": {"tag:web": []}, "grants": []}
    (tmp_path / "policy.hujson").write_text(json.dumps(policy))
    for words in (("group:a", "tag:web:22", "--ssh-user", "root"), ("tag:web", "group:a:22")):
        done = run("why", *words, folder=tmp_path)

        assert 1 == done.code
        assert said in done.out
        assert "ssh" not in done.out


def test_a_star_that_the_shell_has_replaced_is_told(tmp_path: Path) -> None:
    done = run("why", "*", "a.txt", "b.txt", folder=tmp_path)

    assert 2 == done.code
    assert "A `*` has to stand in quotes" in done.err
