"""`tailscale status --json`: what one client knows of its tailnet.

A client sees only the peers that the policy in force lets it see, and of their routes only those it may use.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from aclc.diagnostics import Outcome
from aclc.source import Path
from aclc.tailnet.document import ValuedDocument
from aclc.tailnet.facts import (
    Facts,
    NodeFacts,
    Spelling,
    UserFacts,
    beyond,
    node_name,
    posture_facts,
)
from aclc.tailnet.shape import validated

SPELLING = Spelling(
    login=("LoginName",),
    name=("DNSName",),
    created=("Created",),
    user=("UserID",),
    tags=("Tags",),
    addresses=("TailscaleIPs",),
    advertised=("AllowedIPs",),
    approved=("AllowedIPs",),
)
NOT_A_PERSON = "tagged-devices"
"""The login under which clients keep the owner of tagged machines."""


class PeerRecord(BaseModel):
    """A machine, the client's own or another one."""

    model_config = ConfigDict(strict=True)

    ID: str = ""
    HostName: str = ""
    DNSName: str = ""
    OS: str = ""
    UserID: int = 0
    AltSharerUserID: int = 0
    TailscaleIPs: list[str] | None = None
    AllowedIPs: list[str] | None = None
    Tags: list[str] | None = None
    PrimaryRoutes: list[str] | None = None
    Created: str = ""
    Online: bool = False
    ShareeNode: bool = False


class ProfileRecord(BaseModel):
    """A person, or what stands for the owner of tagged machines."""

    model_config = ConfigDict(strict=True)

    LoginName: str = ""


class CurrentTailnetRecord(BaseModel):
    """The name of the tailnet."""

    model_config = ConfigDict(strict=True)

    Name: str = ""


class StatusRecord(BaseModel):
    """The whole output."""

    model_config = ConfigDict(strict=True)

    Self: PeerRecord | None = None
    Peer: dict[str, PeerRecord] | None = None
    User: dict[str, ProfileRecord] | None = None
    MagicDNSSuffix: str = ""
    CurrentTailnet: CurrentTailnetRecord | None = None


def status_facts(document: ValuedDocument) -> Outcome[Facts]:
    """Give the facts of a status; users in the order of their numbers, since a status does not say who came first."""
    record, faults = validated(StatusRecord, document.value, document)
    if record is None:
        return Outcome(None, faults)
    logins = {number: profile.LoginName for number, profile in (record.User or {}).items()}
    peers: list[tuple[Path, PeerRecord]] = [(("Self",), record.Self)] if record.Self else []
    peers += [(("Peer", key), peer) for key, peer in (record.Peer or {}).items()]
    facts = Facts(
        document,
        SPELLING,
        name=record.CurrentTailnet.Name if record.CurrentTailnet else "",
        domains=(),
        users=tuple(
            UserFacts(("User", number), logins[number])
            for number in sorted(logins, key=lambda each: (len(each), each))
            if logins[number] not in {"", NOT_A_PERSON}
        ),
        nodes=tuple(_node(path, peer, logins, record.MagicDNSSuffix) for path, peer in peers),
        limits=("a status shows only the machines and routes that the policy in force lets one machine see",),
        has_roles=False,
    )
    return Outcome(facts, ())


def _node(path: Path, peer: PeerRecord, logins: dict[str, str], suffix: str) -> NodeFacts:
    addresses = peer.TailscaleIPs or []
    allowed = peer.AllowedIPs if peer.AllowedIPs is not None else peer.PrimaryRoutes or []
    routes = beyond(addresses, allowed)
    return NodeFacts(
        path,
        node_name(peer.DNSName, suffix, peer.HostName, peer.ID),
        addresses,
        peer.ID,
        peer.Created,
        logins.get(str(peer.UserID)),
        peer.Tags or (),
        routes,
        routes,
        peer.Online,
        posture_facts(os=peer.OS),
        shared=peer.ShareeNode or peer.AltSharerUserID != 0,
    )
