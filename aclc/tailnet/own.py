"""aclc's own tailnet file, schema 1: the shape of its fields.

`docs/tailnet-file.md` and `tailnet.schema.json` are its outer faces. Only the shape is told here; what the texts mean
(addresses, times, who may stand beside whom) is checked in `assemble`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aclc.diagnostics import Diagnostic, Outcome
from aclc.source import Document, Path
from aclc.tailnet.document import ValuedDocument
from aclc.tailnet.facts import Facts, NodeFacts, Spelling, UserFacts
from aclc.tailnet.model import Role
from aclc.tailnet.shape import unknown_field, validated

SPELLING = Spelling(
    login=("login",),
    name=("name",),
    created=("created",),
    user=("user",),
    tags=("tags",),
    addresses=("addresses",),
    advertised=("advertised_routes",),
    approved=("approved_routes",),
)


Tag = Annotated[str, Field(json_schema_extra={"pattern": "^tag:."})]


class Record(BaseModel):
    """An object of the file. Unknown fields are kept just long enough to be warned of."""

    model_config = ConfigDict(strict=True, extra="allow")


class UserRecord(Record):
    """A person."""

    login: str = Field(description="The login, as policies write it.", examples=["odin@example.com"])
    role: Role = Field(
        "member",
        description="The role in the admin console; `autogroup:admin` and its kin go by it.",
        examples=["owner"],
    )
    names: list[str] | None = Field(
        None,
        description="What else Headscale knows them by: a policy may write the user name for the e-mail address.",
        examples=[["odin"]],
    )


class NodeRecord(Record):
    """A machine."""

    name: str = Field(min_length=1, description="Its name; no two machines share one.", examples=["beedrill"])
    addresses: list[str] = Field(
        min_length=1,
        description="Its tailnet addresses: IPv4, IPv6 or both. No two machines share one.",
        examples=[["100.86.11.46", "fd7a:115c:a1e0::7f37:b2e"]],
    )
    id: str | int = Field("", description="What the control plane calls it.", examples=["8213"])
    created: str | None = Field(
        None,
        description="When it joined (RFC 3339). Of several routers of one route the earliest is the primary.",
        json_schema_extra={"format": "date-time"},
        examples=["2026-04-12T20:14:00Z"],
    )
    user: str | None = Field(None, description="The login of its owner; null where it has tags.", examples=[None])
    tags: list[Tag] | None = Field(
        None, description="Its tags, each with `tag:`. A tagged machine has no user.", examples=[["tag:server"]]
    )
    advertised_routes: list[str] | None = Field(
        None,
        description="The routes it offers (CIDR); `0.0.0.0/0` and `::/0` make an exit node. Absent: the approved ones.",
        examples=[["10.33.0.0/16"]],
    )
    approved_routes: list[str] | None = Field(
        None,
        description="The routes that are switched on. Absent: worked out from the policy's `autoApprovers`.",
        examples=[["10.33.0.0/16"]],
    )
    online: bool = Field(
        default=True, description="Whether it is connected; a router that is not is never the primary."
    )
    posture: dict[str, str | bool | int | float] | None = Field(
        None, description="Posture attributes and their values.", examples=[{"node:os": "linux"}]
    )
    shared: bool = Field(default=False, description="Whether somebody outside shared it into this tailnet.")
    extra: dict[str, Any] | None = Field(None, description="Facts that one back end needs, by the back end's name.")


class TailnetRecord(Record):
    """The users and machines of one tailnet."""

    schema_version: Literal[1] = Field(1, description="The version of this format.", examples=[1])
    tailnet: str = Field("", description="The name of the tailnet.", examples=["example.com"])
    domains: list[str] | None = Field(
        None,
        description="The domains that belong to it: `user:*@D` and `localpart:*@D` take no others. "
        "Absent or empty: not known, so every domain is taken.",
        examples=[["example.com"]],
    )
    users: list[UserRecord] = Field([], description="The people, in the order in which they joined.")
    nodes: list[NodeRecord] = Field([], description="The machines.")


def own_facts(document: ValuedDocument) -> Outcome[Facts]:
    """Give the facts of a file in schema 1; unknown fields are warned of."""
    record, faults = validated(TailnetRecord, document.value, document)
    if record is None:
        return Outcome(None, faults)
    facts = Facts(
        document,
        SPELLING,
        name=record.tailnet,
        domains=tuple(record.domains or ()),
        users=tuple(
            UserFacts(("users", at), user.login, user.role, tuple(user.names or ()))
            for at, user in enumerate(record.users)
        ),
        nodes=tuple(_node(("nodes", at), node) for at, node in enumerate(record.nodes)),
        is_own=True,
    )
    return Outcome(facts, tuple(_unknown_fields(record, document)))


def _node(path: Path, node: NodeRecord) -> NodeFacts:
    return NodeFacts(
        path,
        node.name,
        node.addresses,
        str(node.id),
        node.created,
        node.user,
        node.tags or (),
        node.advertised_routes,
        node.approved_routes,
        node.online,
        node.posture or {},
        node.shared,
        node.extra or {},
    )


def _unknown_fields(record: TailnetRecord, document: Document) -> Iterator[Diagnostic]:
    records: list[tuple[Path, Record]] = [((), record)] if record.model_extra else []
    records += [(("users", at), user) for at, user in enumerate(record.users) if user.model_extra]
    records += [(("nodes", at), node) for at, node in enumerate(record.nodes) if node.model_extra]
    for path, each in records:
        for field in each.model_extra or ():
            if field != "$schema":  # editors look for it
                yield unknown_field(document, (*path, field), type(each).model_fields)
