"""Acls as grants: the same access, every comment kept, and no other line touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aclc.compile import compile_policy
from aclc.policy.read_hujson import read_policy
from aclc.policy.to_grants import acls_as_grants
from aclc.reach.difference.diff import diff
from aclc.source import Source
from aclc.syntax.comments import hujson_comments
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_format import format_hujson
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet
from tests.conformance.captures import captures
from tests.corpus import corpus_files, needs_corpus

Json = Any


def document_of(source: Source) -> HujsonDocument | None:
    """Read as the command does."""
    policy = read_policy(source).value
    assert policy is not None
    assert isinstance(policy.document, HujsonDocument)
    return policy.document


def as_grants(text: str) -> str:
    """Give a text with its acls as grants."""
    return acls_as_grants(Source("policy.hujson", text), document_of)[0]


ONE = """\
{
	// Who may do what.
	"acls": [
		// Developers.
		{
			"action": "accept",
			"src":    ["group:dev"], // all of them
			"dst":    ["tag:web:80,443", "tag:db:80,443"],
		},
	],
	"groups": {"group:dev": ["a@example.com"]}, // on one line
}
"""


def test_an_acl_becomes_a_grant_in_its_place() -> None:
    expected = ONE.replace('"acls"', '"grants"').replace('\t\t\t"action": "accept",\n', "")
    expected = expected.replace('"tag:web:80,443", "tag:db:80,443"', '"tag:web", "tag:db"')
    expected = expected.replace('"src":    ', '"src": ').replace('"dst":    ', '"dst": ')
    expected = expected.replace('"tag:db"],\n', '"tag:db"],\n\t\t\t"ip":  ["80", "443"],\n')

    assert expected == as_grants(ONE)


@pytest.mark.parametrize(
    ("acl", "grants"),
    [
        ({"dst": ["tag:a:22"]}, [{"dst": ["tag:a"], "ip": ["22"]}]),
        ({"dst": ["tag:a:22"], "proto": "udp"}, [{"dst": ["tag:a"], "ip": ["udp:22"]}]),
        ({"dst": ["tag:a:22", "tag:a:80"]}, [{"dst": ["tag:a"], "ip": ["22", "80"]}]),
        (
            {"dst": ["tag:a:22", "tag:b:80", "tag:c:22"]},
            [{"dst": ["tag:a", "tag:c"], "ip": ["22"]}, {"dst": ["tag:b"], "ip": ["80"]}],
        ),
        ({"dst": ["[fd7a::1]:22"]}, [{"dst": ["fd7a::1"], "ip": ["22"]}]),
        (
            {"dst": ["tag:a:22"], "srcPosture": ["posture:p"]},
            [{"dst": ["tag:a"], "ip": ["22"], "srcPosture": ["posture:p"]}],
        ),
        (
            {"dst": ["tag:a:1", "tag:b:2"], "srcPosture": ["posture:p"]},
            [
                {"dst": ["tag:a"], "ip": ["1"], "srcPosture": ["posture:p"]},
                {"dst": ["tag:b"], "ip": ["2"], "srcPosture": ["posture:p"]},
            ],
        ),
    ],
)  # fmt: skip
def test_ports_and_protocol_go_to_ip(acl: Json, grants: list[Json]) -> None:
    text = json.dumps({"acls": [{"action": "accept", "src": ["a@b.c"], **acl}]})

    assert {"grants": [{"src": ["a@b.c"], **grant} for grant in grants]} == json.loads(as_grants(text))


def test_old_spellings_go_too() -> None:
    text = '{"acls": [{"action": "accept", "users": ["a@b.c"], "ports": ["tag:a:22"]}]}'

    assert {"grants": [{"src": ["a@b.c"], "dst": ["tag:a"], "ip": ["22"]}]} == json.loads(as_grants(text))


@pytest.mark.parametrize(
    "acl",
    [
        {"action": "accept", "src": ["*"], "dst": ["autogroup:self:*"]},
        {"action": "accept", "src": ["a@b.c"], "dst": ["0.0.0.0/0:*"]},
        {"action": "deny", "src": ["a@b.c"], "dst": ["tag:a:*"]},
    ],
)
def test_what_has_no_exact_form_stays(acl: Json) -> None:
    other = {"action": "accept", "src": ["a@b.c"], "dst": ["tag:a:22"]}
    text = json.dumps({"acls": [acl, other]})

    written, left = acls_as_grants(Source("policy.hujson", text), document_of)

    assert left == 1
    assert {"acls": [acl], "grants": [{"src": ["a@b.c"], "dst": ["tag:a"], "ip": ["22"]}]} == json.loads(written)


MIXED = """\
{
	// Newer rules.
	"grants": [
		{"src": ["*"], "dst": ["tag:x"], "ip": ["443"]} // no comma here
	],

	// Older rules.
	"acls": [
		// first
		{"action": "accept", "src": ["a@b.c"], "dst": ["tag:a:22"]}, // one
		/* second */ {"action": "accept", "src": ["a@b.c"], "dst": [
			"tag:b:22",
			"tag:c:80", // web
		]} // two
		// the end
	],
}
"""


def test_grants_made_stand_behind_those_that_are_there_with_their_comments() -> None:
    written = as_grants(MIXED)

    document = document_of(Source("policy.hujson", written))
    assert document is not None
    assert [["tag:x"], ["tag:a"], ["tag:b"], ["tag:c"]] == [
        grant["dst"]  # type: ignore[index, call-overload]  # known shape
        for grant in document.value["grants"]  # type: ignore[index, call-overload, union-attr]
    ]
    assert not document.has(("acls",))
    assert sorted(text for _, text in hujson_comments(MIXED)) == sorted(text for _, text in hujson_comments(written))


def test_plain_json_stays_plain_json() -> None:
    acl = {"action": "accept", "src": ["a@b.c"], "dst": ["tag:a:22"]}
    text = json.dumps({"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}], "acls": [acl, acl]}, indent=2)

    assert 3 == len(json.loads(as_grants(text))["grants"])


def test_a_policy_without_acls_is_formatted() -> None:
    assert format_hujson('{"grants":[]}') == as_grants('{"grants":[]}')


@needs_corpus
def test_real_policies_keep_their_meaning_and_their_comments() -> None:
    seen = 0
    for path in corpus_files("policies/head/*"):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        old = read_policy(Source("policy.hujson", text))
        if old.failed or old.value is None or not old.value.acls:
            continue
        written = as_grants(text)
        new = read_policy(Source("policy.hujson", written)).value
        assert new is not None
        found = diff(old.value, new)
        assert not found.changes_access, path.name
        assert not found.assertions, path.name
        assert sorted(each for _, each in hujson_comments(text)) == sorted(each for _, each in hujson_comments(written))
        assert written == as_grants(written), path.name
        seen += 1
    assert seen > 30


@needs_corpus
def test_captured_nodes_receive_the_same_filters() -> None:
    """As sets, for every capture of the suite `acl` and some of the others: grants compile to the same access."""
    seen = 0
    for capture in [*captures("acl"), *captures()[::5]]:
        if capture.error is not None or "acls" not in capture.policy_keys:
            continue
        tailnet = load_tailnet(Source("tailnet.json", capture.tailnet)).value
        assert tailnet is not None
        before, after = (received(text, tailnet) for text in (capture.policy, as_grants(capture.policy)))
        for name in capture.nodes:
            assert allowed(before[name]) == allowed(after[name]), (capture.id, name)
        seen += 1
    assert seen > 140


def received(text: str, tailnet: Tailnet) -> Json:
    """Give what each node receives."""
    policy = read_policy(Source("policy.hujson", text)).value
    assert policy is not None
    compiled = compile_policy(policy, tailnet).value
    assert compiled is not None
    nodes: Json = json.loads(b"".join(compiled.document()))["nodes"]
    return nodes


def allowed(received: Json) -> set[tuple[str, int, str, int, int]]:
    """Give what a packet filter lets in: source, protocol, destination, ports."""
    return {
        (source, protocol, target["IP"], target["Ports"]["First"], target["Ports"]["Last"])
        for rule in received["packet_filter"]
        for source in rule["SrcIPs"]
        for target in rule.get("DstPorts", ())
        for protocol in rule.get("IPProto", (6, 17, 1, 58))
    }
