"""Properties as a user writes them: what holds, what is broken and by whom, and what cannot be said."""

from __future__ import annotations

import pytest

from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.property_file import parse_properties
from aclc.reach.prove import findings, judge, prove, unknown_names, witness_text
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet

POLICY = """{
  "groups": {"group:eng": ["ann@x.com", "bob@x.com"], "group:out": ["kim@y.com"]},
  "tagOwners": {"tag:web": [], "tag:db": [], "tag:ci": ["group:eng"]},
  "hosts": {"lan": "10.0.0.0/24"},
  "grants": [
    {"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:22", "tcp:443"]},
    {"src": ["group:out"], "dst": ["tag:web"], "ip": ["tcp:443"]},
    {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
    {"src": ["tag:ci"], "dst": ["lan"], "ip": ["tcp:80"]},
  ],
  "ssh": [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]}],
}
"""

TAILNET = """{"schema_version": 1, "users": [{"login": "ann@x.com"}, {"login": "kim@y.com"}], "nodes": [
  {"name": "ann", "user": "ann@x.com", "addresses": ["100.64.0.1"]},
  {"name": "kim", "user": "kim@y.com", "addresses": ["100.64.0.2"]},
  {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.3"]},
  {"name": "db", "tags": ["tag:db"], "addresses": ["100.64.0.4"]}
]}"""

APART = "assume tag:web and tag:db apart\nassume tag:web and tag:ci apart\nassume tag:db and tag:ci apart\n"


def policy() -> Policy:
    """Give the policy of this module."""
    read = read_policy(Source("policy.hujson", POLICY))
    assert read.value is not None
    return read.value


def tailnet() -> Tailnet:
    """Give the tailnet of this module."""
    loaded = load_tailnet(Source("tailnet.json", TAILNET))
    assert loaded.value is not None, loaded.diagnostics
    return loaded.value


def state(line: str, *, everywhere: bool) -> str:
    """Give what becomes of one promise, tags kept apart."""
    promises = parse_properties(Source("properties.aclc", APART + line)).value
    assert promises is not None
    verdicts = prove(policy(), promises) if everywhere else judge(policy(), tailnet(), promises)
    return verdicts[-1].state


@pytest.mark.parametrize(
    ("line", "here", "everywhere"),
    [
        ("assert group:out never reach tag:db", "holds", "holds"),
        ("assert group:out never reach tag:web", "broken", "broken"),
        ("assert group:out never reach tag:web on tcp 22", "holds", "holds"),
        ("assert group:eng never reach tag:db", "holds", "holds"),
        ("assert group:eng never reach tag:db transitively", "broken", "broken"),
        ("assert group:out never reach tag:db transitively", "holds", "holds"),
        ("assert group:eng never reach lan transitively", "undecided", "broken"),
        ("assert only tag:web reach tag:db", "holds", "holds"),
        ("assert only group:eng reach tag:web", "broken", "broken"),
        ("assert group:eng always reach tag:web on tcp 443", "holds", "holds"),
        ("assert group:eng always reach tag:web on tcp 440-443", "broken", "broken"),
        ("assert isolated group:out | tag:db", "holds", "holds"),
        ("assert isolated group:eng | tag:web", "broken", "broken"),
        ("assert group:eng reach at most 1 node", "holds", "undecided"),
        ("assert group:eng reach at most 0 nodes", "broken", "undecided"),
        ("assert nobody exposed", "holds", "holds"),
    ],
)
def test_a_promise_is_decided_here_and_everywhere(line: str, here: str, everywhere: str) -> None:
    assert (here, everywhere) == (state(line, everywhere=False), state(line, everywhere=True))


def test_without_assumptions_one_node_may_carry_any_tags() -> None:
    promises = parse_properties(Source("p.aclc", "assert group:out never reach tag:db")).value
    assert promises is not None
    verdict = prove(policy(), promises)[0]
    found = findings([verdict])[0]

    assert ("broken", "PRP001") == (verdict.state, found.code.id)
    assert verdict.view is not None
    assert verdict.witness is not None
    assert "`node with tag:db and tag:web" in witness_text(verdict.view, verdict.witness, verdict.promise)
    assert (
        "an admin may put both tags on one node; if that never happens, say `assume tag:db and tag:web apart`"
        == found.help
    )


def test_addresses_asked_about_may_lie_behind_a_route() -> None:
    """Where 10.0.0.0/24 is an approved route, `*` as a source means it."""
    text = '{"hosts": {"lan": "10.0.0.0/24"}, "tagOwners": {"tag:web": []}, "grants": [GRANT]}'
    grant = '{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:80"]}'
    read = read_policy(Source("policy.hujson", text.replace("GRANT", grant)))
    promises = parse_properties(Source("p.aclc", "assert lan never reach tag:web")).value
    assert read.value is not None
    assert promises is not None

    assert ["broken"] == [verdict.state for verdict in prove(read.value, promises)]


def test_a_witness_names_the_way_and_the_lines() -> None:
    promises = parse_properties(Source("p.aclc", "assert group:eng never reach tag:db transitively")).value
    assert promises is not None
    found = findings(judge(policy(), tailnet(), promises))[0]

    assert "broken: `web` reaches `db` on tcp 5432, by way of `ann over SSH to web`" == found.message
    assert ["this lets it log in", "allowed here"] == [note.text for note in found.notes]


@pytest.mark.parametrize("name", ["group:en", "tag:wib", "autogroup:nobody", "eng"])
def test_a_name_that_the_policy_lacks_is_an_error_not_a_promise_kept(name: str) -> None:
    promises = parse_properties(Source("p.aclc", f"assert {name} never reach tag:db")).value
    assert promises is not None

    assert ["PRP013"] == [found.code.id for found in unknown_names(policy(), promises)]


def test_a_side_that_means_nobody_here_is_undecided() -> None:
    assert "undecided" == state("assert lan never reach tag:db", everywhere=False)


@pytest.mark.parametrize(
    "line",
    [
        "assert",
        "asert tag:a never reach tag:b",
        "assert tag:a reaches tag:b",
        "assert tag:a never reach tag:b on tpc 22",
        "assert tag:a never reach tag:b on tcp 99999",
        "assert isolated tag:a",
        "assume tag:a apart",
        "assert , never reach tag:b",
    ],
)
def test_a_line_that_cannot_be_read_is_an_error(line: str) -> None:
    parsed = parse_properties(Source("p.aclc", line))

    assert ["PRP010"] == [found.code.id for found in parsed.diagnostics]
