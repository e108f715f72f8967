"""Each layer of `aclc why` by itself, on policies made for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.properties.strategies import Json
from tests.reports.schemas import WHY

TAILNET: Json = {
    "schema_version": 1,
    "tailnet": "example.com",
    "users": [{"login": "a@example.com"}, {"login": "b@example.com"}],
    "nodes": [
        {
            "name": "mac",
            "user": "a@example.com",
            "addresses": ["100.64.0.1", "fd7a:115c:a1e0::1"],
            "posture": {"node:os": "macos", "node:tsVersion": "1.40"},
        },
        {"name": "pc", "user": "b@example.com", "addresses": ["100.64.0.2", "fd7a:115c:a1e0::2"]},
        {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.3", "fd7a:115c:a1e0::3"]},
        {
            "name": "old-router",
            "tags": ["tag:plain"],
            "addresses": ["100.64.0.4"],
            "created": "2026-01-01T00:00:00Z",
            "advertised_routes": ["10.1.0.0/16"],
            "approved_routes": ["10.1.0.0/16"],
        },
        {
            "name": "new-router",
            "tags": ["tag:recorded"],
            "addresses": ["100.64.0.5"],
            "created": "2026-02-01T00:00:00Z",
            "advertised_routes": ["10.1.0.0/16", "10.9.0.0/16"],
            "approved_routes": ["10.1.0.0/16", "10.9.0.0/16"],
        },
        {
            "name": "sleeper",
            "tags": ["tag:plain"],
            "addresses": ["100.64.0.6"],
            "online": False,
            "advertised_routes": ["10.7.0.0/16"],
            "approved_routes": ["10.7.0.0/16"],
        },
    ],
}
TAGS: Json = {"tag:web": [], "tag:plain": [], "tag:recorded": []}
POSTURE: Json = {
    "postures": {"posture:new": ["node:tsVersion >= '1.60'", "node:tsAutoUpdate == true"]},
    "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"], "srcPosture": ["posture:new"]}],
}
VIA: Json = {
    "grants": [{"src": ["a@example.com"], "dst": ["10.1.0.0/16"], "ip": ["tcp:5432"], "via": ["tag:recorded"]}],
}
STEERED_AWAY: Json = {
    "grants": [*VIA["grants"], {"src": ["a@example.com"], "dst": ["10.1.0.0/16"], "ip": ["tcp:80"]}],
}
FAMILY: Json = {
    "hosts": {"web4": "100.64.0.3"},
    "grants": [{"src": ["a@example.com"], "dst": ["web4"], "ip": ["tcp:443"]}],
}
MIXED: Json = {
    "groups": {"group:all": ["a@example.com", "b@example.com"]},
    "grants": [{"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
}
SELF: Json = {"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
SSH: Json = {
    "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
    "ssh": [
        {"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]},
        {"action": "check", "src": ["a@example.com"], "dst": ["tag:web"], "users": ["root", "deploy"]},
    ],
}
OFFLINE: Json = {"grants": [{"src": ["*"], "dst": ["10.7.0.0/16"], "ip": ["*"]}]}
ACLS: Json = {"acls": [{"action": "accept", "src": ["a@example.com"], "dst": ["tag:web:80"]}]}
KNOWN, ANY = True, False


def ask(folder: Path, policy: Json, words: tuple[str, ...], *, known: bool) -> tuple[str, Json]:
    """Give the answer as text, and as the document for machines."""
    (folder / "policy.hujson").write_text(json.dumps({"tagOwners": TAGS, **policy}, indent=1))
    (folder / "net.json").write_text(json.dumps(TAILNET))
    tailnet = ("--tailnet", "net.json") if known else ()
    text = run("why", *words, *tailnet, folder=folder)
    document = json.loads(run("why", *words, *tailnet, "--format", "json", folder=folder).out)
    WHY.validate(document)
    assert (0 if document["verdict"] == "yes" else 1) == text.code
    return text.out, document


@pytest.mark.parametrize(
    ("policy", "words", "known", "verdicts", "said"),
    [
        (POSTURE, ("mac", "web:443"), KNOWN, ("no", "yes", None, "no"), "mac does not show it"),
        (POSTURE, ("mac", "web:443"), KNOWN, ("no", "yes", None, "no"), "(it shows 1.40)"),
        (POSTURE, ("mac", "web:443"), KNOWN, ("no", "yes", None, "no"), "node:tsAutoUpdate == true (not known of it)"),
        (
            POSTURE,
            ("mac", "web:443", "--posture", "node:tsVersion=1.62", "--posture", "node:tsAutoUpdate=true"),
            KNOWN,
            ("yes", "yes", None, "yes"),
            "met wherever a rule asks",
        ),
        (
            POSTURE,
            ("a@example.com", "tag:web:443"),
            ANY,
            ("partly", "yes", None, "partly"),
            "not every source shows it",
        ),
        (VIA, ("mac", "10.1.0.9:5432"), KNOWN, ("yes", "yes", "yes", None), "approved, through new-router\n"),
        (
            VIA,
            ("a@example.com", "10.1.0.9:5432"),
            ANY,
            ("yes", "yes", "yes", None),
            "only through a router with tag:rec",
        ),
        (
            STEERED_AWAY,
            ("mac", "10.1.0.9:5432"),
            KNOWN,
            ("no", "yes", "no", None),
            "packets take old-router, where no rule lets them in; new-router would",
        ),
        (OFFLINE, ("mac", "10.7.0.9:80"), KNOWN, ("no", "yes", "no", None), "no router is online: sleeper (offline)"),
        (FAMILY, ("mac", "web:443"), KNOWN, ("yes", "yes", None, None), "over IPv4 only"),
        (
            FAMILY,
            ("mac", "[fd7a:115c:a1e0::3]:443"),
            KNOWN,
            ("no", "no", None, None),
            "names an address of the other family",
        ),
        (MIXED, ("group:all", "tag:web:443"), ANY, ("partly", "partly", None, None), "may: a@example.com"),
        (MIXED, ("group:all", "tag:web:443"), KNOWN, ("partly", "partly", None, None), "may not: b@example.com"),
        (SELF, ("mac", "autogroup:self"), KNOWN, ("nobody", "nobody", None, None), "no other device of its own"),
        (SELF, ("mac", "pc:80"), KNOWN, ("no", "no", None, None), "opens devices of the same person only"),
        (SELF, ("web", "web:80"), KNOWN, ("nobody", "nobody", None, None), "does not need the network to reach itself"),
        (SSH, ("mac", "web", "--ssh-user", "root"), KNOWN, ("yes", "yes", None, None), "(check)"),
        (SSH, ("mac", "web", "--ssh-user", "deploy"), KNOWN, ("yes", "yes", None, None), "after asking"),
        (SSH, ("mac", "web", "--ssh-user", "ubuntu"), KNOWN, ("yes", "yes", None, None), "as ubuntu is accepted\n"),
        (SSH, ("pc", "web", "--ssh-user", "root"), KNOWN, ("no", "yes", None, None), "does not name the login"),
        (SSH, ("autogroup:member", "web", "--ssh-user", "root"), KNOWN, ("partly", "yes", None, None), "for some"),
        (ACLS, ("a@example.com", "tag:web:443"), ANY, ("no", "no", None, None), "add port 443 to `dst` of the rule"),
        (ACLS, ("b@example.com", "tag:web:443/udp"), ANY, ("no", "no", None, None), '"proto": "udp"'),
    ],
)
def test_a_layer_says_its_part(
    tmp_path: Path, policy: Json, words: tuple[str, ...], known: bool, verdicts: tuple[str | None, ...], said: str
) -> None:
    text, document = ask(tmp_path, policy, words, known=known)
    route, posture = document["route"], document["posture"]

    assert said in text
    assert verdicts == (
        document["verdict"],
        document["network"]["verdict"],
        route and route["verdict"],
        posture and posture["verdict"],
    )


def test_an_edit_fits_the_file_that_it_is_for(tmp_path: Path) -> None:
    """Put where it says, it is HuJSON that the file's layout and comments live through."""
    text = """{
    "tagOwners": {"tag:web": []}, // owners
    "grants": [
        // first
        {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:80"]}, // one
    ],
}
"""
    (tmp_path / "policy.hujson").write_text(text)
    found = json.loads(run("why", "b@example.com", "tag:web:443", "--format", "json", folder=tmp_path).out)
    (edit,) = found["remedies"][0]["edits"]
    at = edit["span"]["start"]["offset"]
    (tmp_path / "policy.hujson").write_text(text[:at] + edit["text"] + text[edit["span"]["end"]["offset"] :])

    assert 0 == run("why", "b@example.com", "tag:web:443", folder=tmp_path).code
    assert "// first" in (tmp_path / "policy.hujson").read_text()


STRAY = {
    "schema_version": 1,
    "users": [{"login": "a@example.com"}],
    "nodes": [
        {"name": "stray", "tags": ["tag:stray"], "addresses": ["100.64.0.1"]},
        {"name": "both", "tags": ["tag:stray", "tag:web"], "addresses": ["100.64.0.2"]},
        {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.3"]},
    ],
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("policy.hujson", '{"tagOwners": {"tag:web": []}, "grants": []}'),
        ("policy.hujson", '{\n    // none yet\n    "acls": [],\n}'),
        ("policy.hujson", '{"tagOwners": {"tag:web": []}, "acls": [{"action": "accept", "src": ["*"], "dst": []}]}'),
        ("policy.aclc", "tag web\nallow tag web -> tag web on tcp 80\n"),
    ],
)
@pytest.mark.parametrize("words", [("stray", "web:443"), ("web", "stray:443"), ("stray", "both:443")])
def test_a_tag_that_nobody_declares_is_declared_with_the_rule(
    tmp_path: Path, name: str, text: str, words: tuple[str, ...]
) -> None:
    """No rule may name a tag that is not declared, so that the edit is two: made, it helps."""
    (tmp_path / name).write_text(text)
    (tmp_path / "net.json").write_text(json.dumps(STRAY))
    asked = ("why", *words, "-p", name, "--tailnet", "net.json")
    done = run(*asked, folder=tmp_path)
    found = json.loads(run(*asked, "--format", "json", folder=tmp_path).out)
    WHY.validate(found)
    if name == "policy.hujson":
        assert "  to allow it: declare tag:" in done.out
    made = text
    for edit in sorted(found["remedies"][0]["edits"], key=lambda each: -each["span"]["start"]["offset"]):
        start, end = edit["span"]["start"]["offset"], edit["span"]["end"]["offset"]
        made = made[:start] + edit["text"] + made[end:]
    (tmp_path / name).write_text(made)

    assert "tag-is-not-declared" in [each["key"] for each in found["remarks"]]
    assert (1, 0) == (done.code, run(*asked, folder=tmp_path).code)
    assert "error" not in run("check", name, folder=tmp_path).out


def test_a_tag_that_only_the_tailnet_knows_can_be_asked_about(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text('{"tagOwners": {"tag:web": []}, "grants": []}')
    (tmp_path / "net.json").write_text(json.dumps(STRAY))

    known = run("why", "tag:stray", "tag:web:443", "--tailnet", "net.json", folder=tmp_path)
    unknown = run("why", "tag:stray", "tag:web:443", folder=tmp_path)
    assert (1, 2) == (known.code, unknown.code)
    assert "refused" in known.out


LONG: Json = {
    "groups": {
        "group:eng": ["z1@example.com"],
        "group:none": ["z2@example.com", "only@example.com"],
        "group:all": ["a@example.com", "b@example.com"],
    },
    "grants": [
        {
            "src": [*(f"z{number}@example.com" for number in range(20)), "group:all"],
            "dst": ["tag:plain", "tag:recorded", "tag:web"],
            "ip": [f"tcp:{port}" for port in (1000, 2000, 3000, 4000, 5000, 6000, 7000, 8443)],
        },
        {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443", "udp:53"]},
        {"src": ["only@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]},
    ],
}


def test_of_a_long_rule_what_is_asked_about_is_seen(tmp_path: Path) -> None:
    text, _ = ask(tmp_path, LONG, ("b@example.com", "tag:web:8443"), known=ANY)

    told = '{"src": ["group:all", … 20 more], "dst": ["tag:web", … 2 more], "ip": ["tcp:8443", … 7 more]}'
    assert f"policy.hujson:21  {told}" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a@example.com", "tag:web"), "allowed on tcp 443,1000,2000,3000,4000,5000,6000,7000,8443 · udp 53\n"),
        (("b@example.com", "tag:web"), "allowed on tcp 1000,2000,3000,4000,5000,6000,7000,8443\n"),
        (
            ("group:all", "tag:web"),
            "allowed on tcp 1000,2000,3000,4000,5000,6000,7000,8443, for some on tcp 443 · udp 53 too\n",
        ),
        (("group:eng", "tag:web:22"), "refused\n"),
        (("group:none", "tag:web"), "allowed, everyone on some of tcp 443,1000,2000,3000"),
    ],
)
def test_without_a_port_the_verdict_names_the_ports(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    text, document = ask(tmp_path, LONG, words, known=ANY)

    assert said in text
    assert (document["open"] is None) == (":22" in words[1])


def test_hostile_names_do_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text('{"hosts": {"a\\u001b[31mb": "10.0.0.1"}, "grants": []}')
    done = run("why", "a@example.com", "a\x1b[31mb:80", folder=tmp_path)

    assert 1 == done.code
    assert "\x1b" not in done.out


def test_a_policy_in_the_language_gets_a_line_of_it(tmp_path: Path) -> None:
    (tmp_path / "policy.aclc").write_text("tag web\nallow a@example.com -> tag web on tcp 80\n")
    asked = ("why", "b@example.com", "tag:web:443", "-p", "policy.aclc")
    done = run(*asked, folder=tmp_path)

    assert "add the line: allow b@example.com -> tag web on tcp 443" in done.out
    with (tmp_path / "policy.aclc").open("a") as file:
        file.write("allow b@example.com -> tag:web on tcp 443\n")
    assert 0 == run(*asked, folder=tmp_path).code


STAR = '{"tagOwners": {"tag:web": []}, "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["*"]}]}'


@pytest.mark.parametrize("source", ["203.0.113.7", "10.1.0.0/16", "2001:db8::7"])
def test_the_star_means_an_address_only_where_a_route_holds_it(tmp_path: Path, source: str) -> None:
    (tmp_path / "policy.hujson").write_text(STAR)

    done = run("why", source, "tag:web:443", folder=tmp_path)

    assert 1 == done.code
    assert f"a rule lets it in where an approved subnet route holds {source}, only there" in done.out
    assert f'to allow it: add a grant: {{"src": ["{source}"], "dst": ["tag:web"], "ip": ["tcp:443"]}}' in done.out


def test_a_rule_that_names_an_address_needs_no_route_to_it(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text(STAR.replace('["*"]', '["203.0.113.0/24"]', 1))

    assert 0 == run("why", "203.0.113.7", "tag:web:443", folder=tmp_path).code


def test_a_network_that_a_route_holds_in_part_is_open_in_part(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text(
        '{"tagOwners": {"tag:r": []}, "grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]}'
    )
    nodes = [
        {"name": "mac", "user": "a@example.com", "addresses": ["100.64.0.1"]},
        {
            "name": "gate",
            "tags": ["tag:r"],
            "addresses": ["100.64.0.2"],
            "advertised_routes": ["10.1.0.0/16"],
            "approved_routes": ["10.1.0.0/16"],
        },
    ]
    users = [{"login": "a@example.com"}]
    (tmp_path / "net.json").write_text(json.dumps({"schema_version": 1, "users": users, "nodes": nodes}))

    part = run("why", "mac", "10.0.0.0/12:443", "--tailnet", "net.json", folder=tmp_path)
    whole = run("why", "mac", "10.1.2.0/24:443", "--tailnet", "net.json", folder=tmp_path)

    assert (1, 0) == (part.code, whole.code)
    assert "approved, through gate; only to 10.1.0.0/16: no approved route holds the rest of it" in part.out
    assert "to allow it: let a node that is in that network advertise a route to it" in part.out


def test_a_login_that_nobody_names_may_be_misspelt(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text(
        '{"groups": {"group:a": ["ann@example.com"]}, "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}'
    )

    done = run("why", "anne@example.com", "autogroup:internet", folder=tmp_path)

    text = " ".join(done.out.split())
    assert "note: the policy names nobody `anne@example.com`: the answer is for a member of the tailnet" in text
    assert "Did you mean `ann@example.com`?" in text


def test_what_lies_behind_exit_nodes_takes_an_exit_node(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text('{"grants": []}')

    done = run("why", "autogroup:member", "autogroup:internet:443", folder=tmp_path)

    assert "route    needs an exit node that is approved" in done.out


@pytest.mark.parametrize("question", [("a@example.com", "tag:web:443"), ("tag:web", "a@example.com:443")])
def test_a_role_that_somebody_may_have_is_not_taken_for_absent(tmp_path: Path, question: tuple[str, str]) -> None:
    rules = [
        {"src": ["autogroup:admin"], "dst": ["tag:web"], "ip": ["tcp:443"]},
        {"src": ["tag:web"], "dst": ["autogroup:admin"], "ip": ["tcp:443"]},
    ]
    (tmp_path / "policy.hujson").write_text(json.dumps({"tagOwners": {"tag:web": ["a@example.com"]}, "grants": rules}))

    done = run("why", *question, folder=tmp_path)

    assert (1, "allowed for some") == (done.code, done.out.splitlines()[0].partition(": ")[2])
    assert "which role `a@example.com` may have is not for the policy to say" in " ".join(done.out.split())


@pytest.mark.parametrize(
    "question", [("autogroup:member", "a@example.com:443"), ("a@example.com", "autogroup:member:443")]
)
def test_who_is_asked_about_may_send_to_another_device_of_theirs_by_a_role(
    tmp_path: Path, question: tuple[str, str]
) -> None:
    """Whoever is a member may be the very person at the other side."""
    rule = {"src": ["autogroup:auditor"], "dst": ["autogroup:self"], "ip": ["tcp:443"]}
    (tmp_path / "policy.hujson").write_text(json.dumps({"grants": [rule]}))

    done = run("why", *question, folder=tmp_path)

    assert (1, "allowed for some") == (done.code, done.out.splitlines()[0].partition(": ")[2])


@pytest.mark.parametrize(
    ("question", "verdict", "words"),
    [
        (("autogroup:owner", "tag:web:443"), "allowed for some", "may: a@example.com"),
        (("tag:web", "autogroup:auditor:443"), "allowed for some", "may reach b@example.com"),
        (("autogroup:owner", "autogroup:auditor:22"), "allowed for some", "whom `autogroup:owner` and"),
        (("autogroup:owner", "tag:web:22"), "refused", "no rule lets it in"),
    ],
)
def test_whom_rules_name_by_login_may_have_the_role_that_is_asked_about(
    tmp_path: Path, question: tuple[str, str], verdict: str, words: str
) -> None:
    rules = [
        {"src": ["a@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]},
        {"src": ["tag:web"], "dst": ["b@example.com"], "ip": ["tcp:443"]},
        {"src": ["a@example.com"], "dst": ["b@example.com"], "ip": ["tcp:22"]},
    ]
    (tmp_path / "policy.hujson").write_text(json.dumps({"tagOwners": {"tag:web": ["a@example.com"]}, "grants": rules}))

    done = run("why", *question, folder=tmp_path)

    assert (1, verdict) == (done.code, done.out.splitlines()[0].partition(": ")[2])
    assert words in " ".join(done.out.split())
