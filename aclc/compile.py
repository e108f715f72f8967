"""From policy and tailnet to what each node needs: the way of the data, top to bottom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, has_errors, shown
from aclc.filters.node_attrs import NodeAttributes
from aclc.filters.node_filter import NodeFilter, PacketFilters
from aclc.filters.packet_filter_bytes import PacketFilterWriter
from aclc.filters.packet_filter_json import compact
from aclc.filters.peers import Peers
from aclc.filters.peers_bytes import PeerWriter
from aclc.filters.sources import SourceTexts
from aclc.filters.ssh import SshFilterRule, SshFilters
from aclc.filters.ssh_bytes import SshWriter
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Json, Policy
from aclc.resolve.model import Resolved
from aclc.resolve.resolution import resolve
from aclc.source import REVISION, Document, Source
from aclc.tailnet.model import Tailnet

SCHEMA_VERSION = 1

SERVICE = Code("BKD001", "service-not-compiled", Severity.WARNING)

_TAIL = b"\n}}\n"


def compile_policy(policy: Policy, tailnet: Tailnet) -> Outcome[Compiled]:
    """Give what every node of a tailnet needs to enforce a policy.

    Args:
        policy: checked before: what the control plane would refuse is not refused here, it opens nothing.
        tailnet: users and nodes.

    Warns of services, one finding each, at the first rule that opens it: no filter says anything of them.

    Cost: O(nodes + rules) and what `PacketFilters` says; the filters themselves are written out when they are read.
    """
    resolved = resolve(policy, tailnet)
    if resolved.value is None or has_errors(resolved.diagnostics):
        return Outcome(None, resolved.diagnostics)
    return Outcome(Compiled(resolved.value), (*resolved.diagnostics, *_services_left_out(resolved.value)))


def _services_left_out(resolved: Resolved) -> Iterator[Diagnostic]:
    told: set[str] = set()
    for grant in resolved.grants:
        destinations = [(at, selector) for part in grant.parts for at, selector in part.dst]
        destinations += [
            (item.dst, target.selector)
            for part in grant.parts
            for network in part.networks
            for target in network.targets
            for item in target.items[:1]
        ]
        for at, selector in destinations:
            if selector.kind == "service" and selector.name not in told:
                told.add(selector.name)
                yield SERVICE.at(
                    grant.place.at("dst", at),
                    f"nothing is compiled for {shown(selector.text)}: which nodes answer for it is not known here",
                )


class Compiled:
    """A policy compiled for a tailnet. Nodes are named by their index in `tailnet.nodes`."""

    __slots__ = ("_attributes", "_peers", "_ssh", "_texts", "packet_filters", "resolved")

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.packet_filters = PacketFilters(resolved)
        self._texts = SourceTexts(resolved.names)
        self._ssh = SshFilters(resolved)
        self._attributes = NodeAttributes(resolved)
        self._peers: Peers | None = None

    @property
    def tailnet(self) -> Tailnet:
        """The tailnet that it was compiled for."""
        return self.resolved.tailnet

    def packet_filter(self, node: int) -> NodeFilter:
        """Give the packet filter of a node."""
        return self.packet_filters[node]

    def ssh_rules(self, node: int) -> tuple[SshFilterRule, ...]:
        """Give the SSH rules of a node, in order."""
        return self._ssh.rules_of(node)

    def node_attrs(self, node: int) -> Mapping[str, Json]:
        """Give the capabilities that the policy puts on a node itself."""
        return self._attributes.of(node)

    @property
    def peers(self) -> Peers:
        """Who knows whom, and whose routes may be used."""
        if self._peers is None:
            self._peers = Peers(self.resolved, self.packet_filters.program)
        return self._peers

    @property
    def policy_hash(self) -> str:
        """`sha256:` and the hash of the policy file's bytes; of several files, the hash of their names and hashes.

        Names count from the first file's folder, so that the hash is the same wherever the policy lies.
        """
        document = self.resolved.policy.document
        if isinstance(document, LanguageDocument) and len(document.sources) > 1:
            return _hash_of_files(document.sources)
        return _hash_of_documents([document])

    @property
    def tailnet_hash(self) -> str:
        """`sha256:` and the hash of the tailnet file's bytes; of several files, in order, the hash of their hashes.

        Of a tailnet that comes from no file, the hash of its facts.
        """
        places = [*(user.place for user in self.tailnet.users), *(node.place for node in self.tailnet.nodes)]
        documents = [place.document for place in places if place is not None]
        if documents:
            return _hash_of_documents(documents)
        return _hash(repr(self.tailnet).encode("utf-8", "surrogateescape"))

    def document(self, nodes: Sequence[int] | None = None) -> Iterator[bytes]:
        """Give the whole answer as one JSON document, piece by piece, one node a line.

        Args:
            nodes: which nodes, in this order; all of them where None.
        """
        yield self._head()
        before = b"\n"
        for _, entry in self._entries(nodes):
            yield before
            yield entry
            before = b",\n"
        yield _TAIL

    def documents(self, nodes: Sequence[int] | None = None) -> Iterator[tuple[int, bytes]]:
        """Give (node, the JSON document of this node alone) for each node. Arguments as those of `document`."""
        head = self._head()
        for node, entry in self._entries(nodes):
            yield node, b"%s\n%s%s" % (head, entry, _TAIL)

    def _head(self) -> bytes:
        return (
            f'{{"schema_version":{SCHEMA_VERSION},"policy_hash":"{self.policy_hash}",'
            f'"tailnet_hash":"{self.tailnet_hash}","nodes":{{'
        ).encode()

    def _entries(self, nodes: Sequence[int] | None) -> Iterator[tuple[int, bytes]]:
        """Give each node's member of `nodes`. The writers are shared: what many nodes have is rendered once."""
        writer = PacketFilterWriter(self.packet_filters, self._texts)
        peers = PeerWriter(self.peers, self.tailnet)
        ssh = SshWriter(self._ssh)
        for node in range(len(self.tailnet.nodes)) if nodes is None else nodes:
            yield (
                node,
                b'%s:{"packet_filter":%s,"ssh_rules":%s,"node_attrs":%s,"peers":%s}'
                % (
                    json.dumps(self.tailnet.nodes[node].name).encode(),
                    writer.write(node),
                    ssh.write(node),
                    compact(dict(self.node_attrs(node))).encode(),
                    peers.write(node),
                ),
            )


def _hash_of_documents(documents: Sequence[Document]) -> str:
    sources: dict[int, Source] = {}
    for document in {id(each): each for each in documents}.values():
        source = document.span(()).source
        sources.setdefault(id(source), source)
    hashes = [_hash(source.text.encode("utf-8", "surrogateescape")) for source in sources.values()]
    return hashes[0] if len(hashes) == 1 else _hash("\n".join(hashes).encode())


def _hash_of_files(sources: Sequence[Source]) -> str:
    folder = sources[0].name.rpartition("/")[0]
    lines = [
        f"{each.name.removeprefix(f'{folder}/').partition(REVISION)[0]} {_hash_of_text(each)}" for each in sources[1:]
    ]
    return _hash("\n".join([_hash_of_text(sources[0]), *lines]).encode("utf-8", "surrogateescape"))


def _hash_of_text(source: Source) -> str:
    return _hash(source.text.encode("utf-8", "surrogateescape"))


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
