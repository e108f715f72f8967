"""A netmap dump (`tailscale debug netmap`): the network map that the control plane sent to one client.

Like a status it shows only the peers that the policy in force lets this client see, and of their routes only those it
may use.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from aclc.diagnostics import Outcome
from aclc.source import Path
from aclc.tailnet.document import ValuedDocument
from aclc.tailnet.facts import Facts, NodeFacts, Spelling, UserFacts, beyond, node_name, posture_facts
from aclc.tailnet.shape import validated
from aclc.tailnet.status import NOT_A_PERSON

SPELLING = Spelling(
    login=("LoginName",),
    name=("Name",),
    created=("Created",),
    user=("User",),
    tags=("Tags",),
    addresses=("Addresses",),
    advertised=("AllowedIPs",),
    approved=("AllowedIPs",),
)


class HostRecord(BaseModel):
    """What a machine says of itself."""

    model_config = ConfigDict(strict=True)

    Hostname: str = ""
    OS: str = ""
    OSVersion: str = ""
    IPNVersion: str = ""
    ShareeNode: bool = False


class NodeRecord(BaseModel):
    """A machine. `Online` is null where the control plane does not say."""

    model_config = ConfigDict(strict=True)

    StableID: str = ""
    Name: str = ""
    User: int = 0
    Sharer: int = 0
    Addresses: list[str] | None = None
    AllowedIPs: list[str] | None = None
    Tags: list[str] | None = None
    Created: str = ""
    Online: bool | None = None
    Hostinfo: HostRecord | None = None


class ProfileRecord(BaseModel):
    """A person, or what stands for the owner of tagged machines."""

    model_config = ConfigDict(strict=True)

    LoginName: str = ""


class NetmapRecord(BaseModel):
    """The whole dump."""

    model_config = ConfigDict(strict=True)

    SelfNode: NodeRecord
    Peers: list[NodeRecord] | None = None
    UserProfiles: dict[str, ProfileRecord] | None = None
    Domain: str = ""


def netmap_facts(document: ValuedDocument) -> Outcome[Facts]:
    """Give the facts of a netmap; users in the order of their numbers, since it does not say who came first."""
    record, faults = validated(NetmapRecord, document.value, document)
    if record is None:
        return Outcome(None, faults)
    logins = {number: profile.LoginName for number, profile in (record.UserProfiles or {}).items()}
    suffix = record.SelfNode.Name.partition(".")[2]
    nodes: list[tuple[Path, NodeRecord]] = [(("SelfNode",), record.SelfNode)]
    nodes += [(("Peers", at), peer) for at, peer in enumerate(record.Peers or ())]
    facts = Facts(
        document,
        SPELLING,
        name=record.Domain,
        domains=(),
        users=tuple(
            UserFacts(("UserProfiles", number), logins[number])
            for number in sorted(logins, key=lambda each: (len(each), each))
            if logins[number] not in {"", NOT_A_PERSON}
        ),
        nodes=tuple(_node(path, node, logins, suffix) for path, node in nodes),
        limits=("a netmap shows only the machines and routes that the policy in force lets one machine see",),
        has_roles=False,
    )
    return Outcome(facts, ())


def _node(path: Path, node: NodeRecord, logins: dict[str, str], suffix: str) -> NodeFacts:
    host = node.Hostinfo or HostRecord()
    addresses = node.Addresses or []
    routes = beyond(addresses, node.AllowedIPs or [])
    return NodeFacts(
        path,
        node_name(node.Name, suffix, host.Hostname, node.StableID),
        addresses,
        node.StableID,
        node.Created,
        logins.get(str(node.User)),
        node.Tags or (),
        routes,
        routes,
        node.Online is not False,
        posture_facts(os=host.OS, os_version=host.OSVersion, client_version=host.IPNVersion),
        shared=host.ShareeNode or node.Sharer != 0,
    )
