"""Which routes `autoApprovers` approve, against what the control plane approved."""

from __future__ import annotations

import json

from aclc.policy.read_hujson import read_policy
from aclc.resolve.resolution import resolve
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.conformance.captures import captures
from tests.corpus import needs_corpus

KNOWN_FAULTS = {"acl-k03": "squirtle's route was noted down before it was approved"}


@needs_corpus
def test_auto_approvers_approve_what_the_control_plane_approved() -> None:
    """A tailnet file without `approved_routes` gives the routes that were really approved, on every node of every
    accepted capture."""
    wrong = set()
    compared = 0
    for capture in captures():
        if capture.error is not None:
            continue
        facts = json.loads(capture.tailnet)
        expected = {node["name"]: sorted(node.pop("approved_routes")) for node in facts["nodes"]}
        tailnet = load_tailnet(Source("tailnet.json", json.dumps(facts))).value
        policy = read_policy(Source("policy.hujson", capture.policy)).value
        assert tailnet is not None
        assert policy is not None
        resolved = resolve(policy, tailnet).value
        assert resolved is not None
        for node, approved in zip(tailnet.nodes, resolved.approved, strict=True):
            compared += len(node.advertised_routes)
            if expected[node.name] != sorted(map(str, approved)):
                wrong.add(capture.id)
    assert set(KNOWN_FAULTS) == wrong
    assert compared > 2000
