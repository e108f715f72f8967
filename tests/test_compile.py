"""The document that `aclc compile` writes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aclc.compile import Compiled, compile_policy
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.sources import SourceTexts
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from aclc.tailnet.load import load_tailnet, load_tailnets

POLICY = """// who may do what
{"tagOwners": {"tag:web": []},
 "acls": [{"action": "accept", "src": ["a@example.com"], "dst": ["tag:web:22", "10.0.0.0/8:*"]}],
 "ssh": [{"action": "accept", "src": ["a@example.com"], "dst": ["tag:web"], "users": ["root"]}],
 "nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel"]}]}
"""
USERS = '{"schema_version": 1, "tailnet": "example.com", "users": [{"login": "a@example.com"}], "nodes": []}'
TAILNET = """{"schema_version": 1, "tailnet": "example.com", "users": [{"login": "a@example.com"}], "nodes": [
 {"name": "läptop", "user": "a@example.com", "addresses": ["100.64.0.1", "fd7a:115c:a1e0::1"]},
 {"name": "web", "tags": ["tag:web"], "addresses": ["100.64.0.2"], "approved_routes": ["10.1.0.0/16"]}]}
"""


def compiled(policy: str = POLICY, tailnet: str = TAILNET) -> Compiled:
    """Give a policy text compiled for a tailnet text."""
    read, loaded = read_policy(Source("policy.hujson", policy)), load_tailnet(Source("tailnet.json", tailnet))
    assert read.value is not None
    assert loaded.value is not None, loaded.diagnostics
    outcome = compile_policy(read.value, loaded.value)
    assert outcome.value is not None
    assert outcome.diagnostics == ()
    return outcome.value


def document(of: Compiled, nodes: list[int] | None = None) -> Any:
    """Give the document, read back."""
    return json.loads(b"".join(of.document(nodes)))


def sha256(text: str) -> str:
    """Give a hash as the document has it."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_the_document_has_everything_of_every_node() -> None:
    found = document(compiled())
    assert ["schema_version", "policy_hash", "tailnet_hash", "nodes"] == list(found)
    assert (1, sha256(POLICY), sha256(TAILNET)) == tuple(found.values())[:3]
    web = found["nodes"]["web"]
    assert ["läptop", "web"] == list(found["nodes"])
    assert ["packet_filter", "ssh_rules", "node_attrs", "peers"] == list(web)
    opened = [(entry["IP"], entry["Ports"]["First"]) for entry in web["packet_filter"][0]["DstPorts"]]
    assert [("10.0.0.0/8", 0), ("100.64.0.2", 22)] == sorted(opened)
    assert ["root"] == list(web["ssh_rules"][0]["sshUsers"])
    assert None is web["node_attrs"]["funnel"]
    assert {"web": ["10.1.0.0/16"]} == found["nodes"]["läptop"]["peers"]


def test_the_document_says_what_the_typed_filters_say() -> None:
    of = compiled()
    texts = SourceTexts(of.resolved.names)
    expected = [packet_filter_json(of.packet_filter(node).rules, texts) for node in range(2)]
    assert expected == [each["packet_filter"] for each in document(of)["nodes"].values()]


def test_chosen_nodes_come_in_the_order_they_are_asked_for() -> None:
    of = compiled()
    assert ["web", "läptop"] == list(document(of, [1, 0])["nodes"])
    assert {} == document(of, [])["nodes"]
    assert document(of, [1])["nodes"]["web"] == document(of)["nodes"]["web"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert list(compiled().document()) == list(compiled().document())


def test_the_hash_of_several_tailnet_files_is_that_of_their_hashes() -> None:
    read = read_policy(Source("policy.hujson", POLICY))
    nodes = '{"schema_version": 1, "tailnet": "example.com", "nodes": [{"name": "a", "addresses": ["100.64.0.1"]}]}'
    loaded = load_tailnets((Source("users.json", USERS), Source("nodes.json", nodes)))
    assert read.value is not None
    assert loaded.value is not None, loaded.diagnostics
    of = compile_policy(read.value, loaded.value).value
    assert of is not None
    assert sha256(f"{sha256(USERS)}\n{sha256(nodes)}") == of.tailnet_hash


def test_an_empty_tailnet_gives_no_nodes() -> None:
    assert {} == document(compiled(tailnet='{"schema_version": 1, "tailnet": "x", "users": [], "nodes": []}'))["nodes"]
