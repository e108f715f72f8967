"""Properties as a user writes them: what holds, what is broken and by whom, and what cannot be said."""

from __future__ import annotations

import pytest

from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.properties.property_file import Property, parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.property_findings import findings, witness_text
from aclc.reach.prove.prove import Verdict, judge, prove
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


def promises(text: str, of: Policy | None = None) -> tuple[Property, ...]:
    """Give the promises of a text, names bound."""
    parsed = parse_properties(Source("p.aclc", text))
    assert parsed.value is not None
    assert not parsed.diagnostics
    bound = bind_names(of or policy(), parsed.value)
    assert bound.value is not None
    assert not bound.diagnostics
    return bound.value


def state(line: str, *, everywhere: bool) -> str:
    """Give what becomes of one promise, tags kept apart."""
    asked = promises(APART + line)
    verdicts = prove(policy(), asked) if everywhere else judge(policy(), tailnet(), asked)
    return verdicts[-1].state


def proven(text: str, line: str) -> Verdict:
    """Give what becomes of the last of some promises about another policy."""
    read = read_policy(Source("policy.hujson", text))
    assert read.value is not None
    assert not read.failed, read.diagnostics
    return prove(read.value, promises(line, read.value))[-1]


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
    verdict = prove(policy(), promises("assert group:out never reach tag:db"))[0]
    found = findings([verdict])[0]

    assert ("broken", "PRP001") == (verdict.state, found.code.id)
    assert "`device of kim@y.com` reaches `node with tag:db and tag:web` on tcp 443" == witness_text(verdict)
    assert (
        "an admin may put both tags on one node; if that never happens, say `assume tag:db and tag:web apart`"
        == found.help
    )


def test_addresses_asked_about_may_lie_behind_a_route() -> None:
    """Where 10.0.0.0/24 is an approved route, `*` as a source means it."""
    text = '{"hosts": {"lan": "10.0.0.0/24"}, "tagOwners": {"tag:web": []}, "grants": [GRANT]}'
    grant = '{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:80"]}'

    assert "broken" == proven(text.replace("GRANT", grant), "assert lan never reach tag:web").state


def test_a_witness_names_the_way_and_the_lines() -> None:
    found = findings(judge(policy(), tailnet(), promises("assert group:eng never reach tag:db transitively")))[0]

    assert "broken: `web` reaches `db` on tcp 5432, by way of `ann over SSH to web`" == found.message
    assert ["this lets it log in", "allowed here"] == [note.text for note in found.notes]


def test_a_way_by_what_lies_behind_a_router_names_the_router() -> None:
    text = SSH_CHAIN.replace("SOURCE", "10.9.0.0/16").replace(', "srcPosture": ["posture:q"]', "")
    verdict = proven(text, f"{ALL_APART}assert tag:ci never reach tag:db transitively")
    found = findings([verdict])[0]

    assert verdict.state == "broken"
    assert witness_text(verdict).startswith("`10.9.0.0/16` reaches `node with tag:db` on tcp 5432, by way of `")
    assert witness_text(verdict).endswith(" sending for what lies behind it`")
    assert ["tag:ci", "allowed here"] == [found.span.text, found.notes[-1].text]


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        # Two people may have two roles, or only one of them the role that counts.
        ('{"src": ["autogroup:it-admin"], "dst": ["autogroup:auditor"], "ip": ["*"]}', "a@x.com never reach b@x.com"),
        ('{"src": ["a@x.com"], "dst": ["autogroup:admin"], "ip": ["*"]}', "only autogroup:admin reach b@x.com"),
        # What stands behind a router may have addresses within the tailnet's own ranges.
        (
            '{"src": ["a@x.com"], "dst": ["fd7a:115c:a1e0:b1a::/64"], "ip": ["*"], "via": ["tag:r"]}',
            "a@x.com never reach fd7a:115c:a1e0:b1a:0:7:a00:1",
        ),
        # What `via` opens on a router is also the router's own address, where the literal holds it.
        ('{"src": ["a@x.com"], "dst": ["100.64.5.0/24"], "ip": ["*"], "via": ["tag:r"]}', "a@x.com never reach tag:r"),
        # Two nodes may stand where one address is named, if it is a range.
        (
            '{"src": ["autogroup:member"], "dst": ["autogroup:member"], "ip": ["*"]}',
            "100.64.5.0/24 never reach 100.64.5.0/24",
        ),
        # A range may hold every address that a device can have.
        (
            '{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}',
            "only tag:r reach fd7a:115c:a1e0::/48",
        ),
        # An ipset is what it holds.
        ('{"src": ["a@x.com"], "dst": ["10.0.0.0/24"], "ip": ["*"]}', "a@x.com never reach ipset:net"),
    ],
)
def test_a_promise_is_broken_by_what_could_be(rules: str, line: str) -> None:
    text = f'{{"tagOwners": {{"tag:r": []}}, "ipsets": {{"ipset:net": ["10.0.0.0/8"]}}, "grants": [{rules}]}}'

    assert "broken" == proven(text, f"assert {line}").state


def test_two_devices_never_have_one_address() -> None:
    text = '{"grants": [{"src": ["100.64.5.5"], "dst": ["autogroup:tagged"], "ip": ["*"]}]}'

    assert "broken" == proven(text, "assert 100.64.5.5 never reach autogroup:tagged").state
    assert "holds" == proven(text, "assert 100.64.5.5 never reach 100.64.5.5").state


@pytest.mark.parametrize("address", ["100.64.5.5", "10.0.0.1", "203.0.113.7", "fd00:1::5"])
@pytest.mark.parametrize("line", ["{0} never reach {0}", "{0} never reach {0} transitively", "{0} always reach {0}"])
def test_a_machine_reaching_itself_is_nothing_that_a_policy_gives_or_takes(address: str, line: str) -> None:
    """Whatever the rules open, behind routers and exit nodes too: a packet to one's own address goes nowhere."""
    for rule in ('{"src": ["*"], "dst": ["*"], "ip": ["*"]}', f'{{"src": ["*"], "dst": ["{address}"], "ip": ["*"]}}'):
        text = f'{{"tagOwners": {{"tag:a": []}}, "grants": [{rule}]}}'

        assert "holds" == proven(text, f"assert {line.format(address)}").state


@pytest.mark.parametrize(
    "line",
    [
        "10.0.0.0/31 never reach 10.0.0.0/31",
        "10.0.0.1, 10.0.0.2 never reach 10.0.0.1, 10.0.0.2",
        "100.64.5.5 never reach 100.64.5.0/24",
        "ann@x.com never reach ann@x.com",
        "tag:a never reach tag:a",
        "tag:a never reach tag:a transitively",
        "fd7a:115c:a1e0:b1a::/64 never reach fd7a:115c:a1e0:b1a::/64",
    ],
)
def test_two_machines_of_one_side_are_two(line: str) -> None:
    text = '{"tagOwners": {"tag:a": []}, "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}'

    assert "broken" == proven(text, f"assert {line}").state


def test_two_addresses_behind_a_router_are_two() -> None:
    """4via6 addresses lie behind routers alone, and no rule opens them here."""
    text = '{"tagOwners": {"tag:a": []}, "grants": [{"src": ["*"], "dst": ["tag:a"], "ip": ["*"]}]}'

    assert "broken" == proven(text, "assert fd7a:115c:a1e0:b1a::/64 always reach fd7a:115c:a1e0:b1a::/64").state


ROUND = """{"tagOwners": {"tag:a": [], "tag:b": []}, "hosts": {"one": "100.64.0.1", "two": "100.64.0.2"},
  "grants": [
    {"src": ["one"], "dst": ["tag:b"], "ip": ["tcp:22"]},
    {"src": ["tag:b"], "dst": ["WHERE"], "ip": ["tcp:80"]}
  ],
  "ssh": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:b"], "users": ["root"]}]}"""
ROUND_NODES = """{"schema_version": 1, "nodes": [
  {"name": "a1", "tags": ["tag:a"], "addresses": ["100.64.0.1"], "approved_routes": ["10.0.0.0/24"]},
  {"name": "a2", "tags": ["tag:a"], "addresses": ["100.64.0.2"]},
  {"name": "b", "tags": ["tag:b"], "addresses": ["100.64.0.3"]}
]}"""


@pytest.mark.parametrize(("where", "expected"), [("one", "holds"), ("two", "broken"), ("tag:a", "broken")])
def test_a_way_over_others_back_to_where_it_began_leads_nowhere_new(where: str, expected: str) -> None:
    """Only a1 gets to b, so that a way from b to a1 alone gives nobody anything."""
    read = read_policy(Source("policy.hujson", ROUND.replace("WHERE", where))).value
    there = load_tailnet(Source("t.json", ROUND_NODES)).value
    assert read is not None
    assert there is not None

    asked = promises("assert tag:a never reach tag:a transitively", read)
    assert expected == judge(read, there, asked)[0].state


SSH_CHAIN = """{
  "tagOwners": {"tag:ci": [], "tag:x": [], "tag:db": []},
  "postures": {"posture:p": ["node:os == 'linux'"], "posture:q": ["node:tsVersion >= '1.40'"]},
  "grants": [
    {"src": ["tag:ci"], "dst": ["tag:x"], "ip": ["tcp:22"], "srcPosture": ["posture:p"]},
    {"src": ["SOURCE"], "dst": ["tag:db"], "ip": ["tcp:5432"], "srcPosture": ["posture:q"]}
  ],
  "ssh": [{"action": "accept", "src": ["tag:ci"], "dst": ["tag:x"], "users": ["root"]}],
}"""
ALL_APART = "assume tag:ci and tag:x apart\nassume tag:ci and tag:db apart\nassume tag:x and tag:db apart\n"


@pytest.mark.parametrize(("source", "expected"), [("tag:x", "broken"), ("tag:db", "holds"), ("10.9.0.0/16", "broken")])
def test_a_way_over_other_machines_is_followed_whatever_they_show_and_serve(source: str, expected: str) -> None:
    line = f"{ALL_APART}assert tag:ci never reach tag:db transitively"

    assert expected == proven(SSH_CHAIN.replace("SOURCE", source), line).state


def test_a_machine_with_a_tag_that_somebody_may_not_apply_is_not_theirs_to_bring() -> None:
    text = (
        '{"tagOwners": {"tag:a": ["kim@y.com"], "tag:b": ["ann@x.com"], "tag:db": []},'
        ' "grants": [{"src": ["tag:b"], "dst": ["tag:db"], "ip": ["*"]}]}'
    )

    assert "holds" == proven(text, "assert kim@y.com never reach tag:db transitively").state
    assert "broken" == proven(text, "assert ann@x.com never reach tag:db transitively").state


EXPOSED = """{
  "groups": {"group:eng": ["ann@x.com"]},
  "tagOwners": {"tag:web": [], "tag:db": []},
  "grants": [
    {"src": ["autogroup:shared"], "dst": ["tag:web"], "ip": ["tcp:443"]},
    {"src": ["autogroup:danger-all"], "dst": ["tag:db"], "ip": ["tcp:53"]}
  ],
  "nodeAttrs": [{"target": ["group:eng"], "attr": ["funnel"]}],
}"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nobody exposed", "broken"),
        ("nobody exposed but shared, internet, funnel", "holds"),
        ("exposed at most to shared, internet", "broken"),
        ("tag:web, tag:db exposed at most to shared, internet", "holds"),
        ("tag:db exposed at most to shared", "broken"),
        ("group:eng exposed at most to nobody", "broken"),
        ("group:eng exposed at most to funnel", "holds"),
    ],
)
def test_exposure_has_three_ways_in(line: str, expected: str) -> None:
    apart = "assume tag:web and tag:db apart\n"

    assert expected == proven(EXPOSED, f"{apart}assert {line}").state


def test_whoever_reaches_nothing_reaches_at_most_so_many_everywhere() -> None:
    text = '{"tagOwners": {"tag:a": []}, "grants": [{"src": ["tag:a"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]}'

    assert "holds" == proven(text, "assert tag:a reach at most 3 nodes").state


@pytest.mark.parametrize(
    "line",
    [
        "assert group:out never reach tag:db",
        "assert only group:eng reach tag:db on tcp 443",
        "assert isolated group:out | tag:db",
    ],
)
def test_a_witness_needs_no_node_with_several_tags_where_one_tag_is_enough(line: str) -> None:
    """The first rule breaks the promise only on a node with both tags; the one behind it does so on any."""
    plain = '{"src": ["group:out"], "dst": ["tag:db"], "ip": ["tcp:443"]}'
    rule = '    {"src": ["tag:web"], "dst": ["tag:db"]'
    verdict = proven(POLICY.replace(rule, f"    {plain},\n{rule}"), line)

    assert verdict.witness is not None
    assert verdict.view is not None
    assert verdict.witness.edge is not None
    nodes = verdict.view.resolved.tailnet.nodes
    target = verdict.view.targets.items[verdict.witness.target or 0].node
    grant = verdict.view.resolved.grants[verdict.witness.edge.grant]
    assert (("tag:db",), plain) == (nodes[target or 0].tags, grant.place.span.text)


def other(text: str) -> Policy:
    """Give another policy to compare with."""
    read = read_policy(Source("old.hujson", text))
    assert read.value is not None
    return read.value


@pytest.mark.parametrize(
    ("change", "gate", "same"),
    [
        (("", ""), "holds", "holds"),
        (
            ('"tcp:443"]},\n    {"src": ["group:out"]', '"tcp:443"]},\n  // why\n    {"src": ["kim@y.com"]'),
            "holds",
            "holds",
        ),
        (('"tcp:5432"', '"tcp:*"'), "holds", "broken"),
        (('"tcp:5432"', '"tcp:80"'), "broken", "broken"),
        (('"accept", "src": ["group:eng"]', '"check", "src": ["group:eng"]'), "broken", "broken"),
        (('"tag:ci": ["group:eng"]', '"tag:ci": []'), "broken", "broken"),
    ],
)
def test_a_policy_is_compared_with_another_one(change: tuple[str, str], gate: str, same: str) -> None:
    old = other(POLICY.replace(*change))
    asked = promises("assert no new access against old.hujson\nassert equivalent to old.hujson")
    for verdicts in (
        prove(policy(), asked, lambda _name, _named_in: old),
        judge(policy(), tailnet(), asked, lambda _name, _named_in: old),
    ):
        everywhere = verdicts[0].everywhere
        if everywhere or "tag:ci" in change[0] or change == ("", ""):
            assert [gate, same] == [verdict.state for verdict in verdicts]
        for found in findings(verdicts):
            assert found.message.startswith(
                ("broken: not so under `old.hujson`: ", "broken: only under `old.hujson`: ", "broken: other than")
            )


def test_a_policy_that_is_not_there_breaks_the_promise() -> None:
    verdict = prove(policy(), promises("assert equivalent to gone.hujson"), lambda name, _: f"{name}: no such file")[0]
    found = findings([verdict])[0]

    assert ("unreadable", "PRP014") == (verdict.state, found.code.id)
    assert "nothing to compare with: gone.hujson: no such file" == found.message


def test_names_may_be_written_as_in_the_aclc_language() -> None:
    short = promises(
        "assert eng never reach tag db\nassert member, any never reach lan\nassert isolated group eng | tag web"
    )
    long = promises(
        "assert group:eng never reach tag:db\nassert autogroup:member, * never reach lan\n"
        "assert isolated group:eng | tag:web"
    )

    assert [each.sides for each in long] == [each.sides for each in short]


def test_a_statement_goes_on_in_lines_that_begin_with_a_blank() -> None:
    text = "assert only group:eng,  # both\n    group:out\n  reach tag:web\nassert nobody exposed\n"
    parsed = parse_properties(Source("p.aclc", text))
    assert parsed.value is not None

    assert ["only", "exposed"] == [each.kind for each in parsed.value]
    assert ["group:eng", "group:out"] == [each.text for each in parsed.value[0].sides[0]]
    assert text.index("\nassert nobody") == parsed.value[0].span.end


@pytest.mark.parametrize(
    "name", ["group:en", "tag:wib", "autogroup:nobody", "web", "svc:x", "autogroup:self", "autogroup:internet"]
)
def test_a_name_that_the_policy_lacks_is_an_error_not_a_promise_kept(name: str) -> None:
    parsed = parse_properties(Source("p.aclc", f"assert {name} never reach tag:db")).value
    assert parsed is not None

    assert ["PRP013"] == [found.code.id for found in bind_names(policy(), parsed).diagnostics]


def test_a_side_that_means_nobody_here_is_undecided() -> None:
    assert "undecided" == state("assert tag:ci never reach tag:db", everywhere=False)
    assert "undecided" == state("assert tag:web never reach lan", everywhere=False)
    assert "holds" == state("assert lan never reach tag:db", everywhere=False)


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
        "assert tag:a always reach tag:b transitively",
        "assert exposed at most to nobody, shared",
        "assert no new access against",
        "assume tag:a and tag:a apart",
    ],
)
def test_a_line_that_cannot_be_read_is_an_error(line: str) -> None:
    parsed = parse_properties(Source("p.aclc", line))

    assert ["PRP010"] == [found.code.id for found in parsed.diagnostics]


def test_a_router_that_rules_steer_by_may_carry_the_tag_that_a_promise_names() -> None:
    """What `via` opens is the router's own address too, and the router may carry any tags besides."""
    grant = '{"src": ["ann@x.com"], "dst": ["100.64.0.0/17"], "via": ["tag:router"], "ip": ["tcp:22"]}'
    read = read_policy(Source("p", f'{{"tagOwners": {{"tag:router": [], "tag:db": []}}, "grants": [{grant}]}}')).value
    assert read is not None
    never = "assert ann@x.com never reach tag:db\n"

    assert ["broken"] == [each.state for each in prove(read, promises(never, read))]
    apart = f"assume tag:router and tag:db apart\n{never}"
    assert ["holds"] == [each.state for each in prove(read, promises(apart, read))]


ROUTER = """{
  "tagOwners": {"tag:r": [], "tag:x": []},
  "grants": [
    {"src": ["autogroup:member"], "dst": ["tag:r"], "ip": ["tcp:22"]},
    {"src": ["10.0.0.0/16"], "dst": ["tag:x"], "ip": ["tcp:80"]},
    {"src": ["tag:x", "100.64.0.5"], "dst": ["autogroup:tagged"], "ip": ["tcp:80"]},
    {"src": ["autogroup:member"], "dst": ["*"], "ip": ["tcp:22"]}
  ],
  "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:r"], "users": ["root"]}]
}"""
ROUTERS_TAILNET = """{"schema_version": 1, "users": [{"login": "ann@x.com"}], "nodes": [
  {"name": "ann", "user": "ann@x.com", "addresses": ["100.64.0.1"]},
  {"name": "r", "tags": ["tag:r"], "addresses": ["100.64.0.2"],
   "advertised_routes": ["10.0.0.0/16"], "approved_routes": ["10.0.0.0/16"]},
  {"name": "x1", "tags": ["tag:x"], "addresses": ["100.64.0.3"]},
  {"name": "x2", "tags": ["tag:x"], "addresses": ["100.64.0.4"]},
  {"name": "e", "user": "ann@x.com", "addresses": ["100.64.0.5"]}
]}"""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        # What lies behind a router falls with it.
        (
            "ann@x.com never reach 10.0.0.0/16 on tcp 9100 transitively",
            "`10.0.0.0/16 behind r` is taken over by way of `ann over SSH to r`",
        ),
        # A machine that stands on both sides is taken over as any other.
        (
            "ann@x.com, tag:r never reach tag:r on tcp 443 transitively",
            "`r` is taken over by way of `ann over SSH to r`",
        ),
        ("only tag:x reach tag:r on tcp 443 transitively", "`r` is taken over by way of `ann over SSH to r`"),
        # An address that is no machine is somebody, too.
        ("10.0.0.0/16 reach at most 1 node", "`10.0.0.0/16` reaches 2 nodes"),
        # Two machines that reach the same reach another number of others, where one of them is among those.
        ("tag:x, 100.64.0.5 reach at most 2 nodes on tcp 80", "`e` reaches 3 nodes"),
    ],
)
def test_what_breaks_a_promise_on_a_tailnet(line: str, message: str) -> None:
    read = read_policy(Source("policy.hujson", ROUTER))
    loaded = load_tailnet(Source("tailnet.json", ROUTERS_TAILNET))
    assert read.value is not None
    assert loaded.value is not None
    verdict = judge(read.value, loaded.value, promises(f"assert {line}", read.value))[0]

    assert ("broken", message) == (verdict.state, witness_text(verdict) if verdict.witness else "")


def test_a_tag_that_owns_itself_may_be_carried_together_with_what_it_owns() -> None:
    """Machines with tag:ci may bring one with both tags, which alone reaches the machine with tag:db."""
    text = """{
      "tagOwners": {"tag:ci": ["tag:ci"], "tag:web": ["tag:ci"], "tag:db": []},
      "hosts": {"special": "100.64.0.2"},
      "grants": [{"src": ["special"], "dst": ["tag:db"], "ip": ["tcp:80"]}]
    }"""
    tailnet = """{"schema_version": 1, "users": [], "nodes": [
      {"name": "ci", "tags": ["tag:ci"], "addresses": ["100.64.0.1"]},
      {"name": "both", "tags": ["tag:ci", "tag:web"], "addresses": ["100.64.0.2"]},
      {"name": "db", "tags": ["tag:db"], "addresses": ["100.64.0.3"]}
    ]}"""
    read = read_policy(Source("policy.hujson", text))
    loaded = load_tailnet(Source("tailnet.json", tailnet))
    assert read.value is not None
    assert loaded.value is not None
    verdict = judge(read.value, loaded.value, promises("assert 100.64.0.1 never reach tag:db transitively", read.value))

    assert "broken" == verdict[0].state


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        ("ann@x.com", "autogroup:member"),
        ("ann@x.com", "autogroup:admin"),
        ("ann@x.com", "user:*@x.com"),
        ("autogroup:it-admin", "autogroup:member"),
        ("user:*@x.com", "kim@x.com"),
        ("user:*@x.com", "autogroup:auditor"),
    ],
)
def test_whoever_may_apply_a_tag_is_followed_though_no_rule_names_them(owner: str, who: str) -> None:
    text = """{
      "tagOwners": {"tag:x": ["OWNER"], "tag:db": []},
      "grants": [{"src": ["tag:x"], "dst": ["tag:db"], "ip": ["tcp:80"]}]
    }"""
    lines = f"assume tag:x and tag:db apart\nassert {who} never reach tag:db transitively"

    verdict = proven(text.replace("OWNER", owner), lines)
    assert "broken" == verdict.state
    assert ["tag"] == [step.kind for step in verdict.witness.steps] if verdict.witness else False


@pytest.mark.parametrize(
    ("rule", "line", "expected"),
    [
        ('{"src": ["autogroup:danger-all"], "dst": ["tag:a"], "ip": ["*"]}', "nobody exposed", "broken"),
        ('{"src": ["*"], "dst": ["tag:a"], "ip": ["*"]}', "nobody exposed but autogroup:shared", "holds"),
        ('{"src": ["autogroup:danger-all"], "dst": ["tag:a"], "ip": ["*"]}', "only * reach tag:a", "broken"),
        ('{"src": ["lan"], "dst": ["lan"], "ip": ["*"]}', "lan exposed at most to nobody", "broken"),
        ('{"src": ["lan"], "dst": ["lan"], "ip": ["*"]}', "lan exposed at most to lan", "holds"),
    ],
)
def test_addresses_that_are_asked_about_need_not_lie_behind_a_route(rule: str, line: str, expected: str) -> None:
    """Whoever has such an address elsewhere is from outside."""
    text = f'{{"hosts": {{"lan": "10.0.0.0/24"}}, "tagOwners": {{"tag:a": []}}, "grants": [{rule}]}}'

    assert expected == proven(text, f"assert {line}").state


def test_what_is_shared_in_opens_itself_by_its_own_tailnet_alone() -> None:
    """Node attributes of this policy are nothing to it."""
    text = '{"tagOwners": {"tag:a": []}, "grants": [], "nodeAttrs": [{"target": ["eve@y.com"], "attr": ["funnel"]}]}'
    read = read_policy(Source("policy.hujson", text)).value
    assert read is not None
    asked = promises("assert eve@y.com exposed at most to nobody", read)
    for shared, expected in (("true", "holds"), ("false", "broken")):
        node = f'{{"name": "e", "user": "eve@y.com", "shared": {shared}, "addresses": ["100.64.0.1"]}}'
        there = load_tailnet(Source("t.json", f'{{"schema_version": 1, "nodes": [{node}]}}')).value
        assert there is not None

        assert expected == judge(read, there, asked)[0].state
