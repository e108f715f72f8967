"""`headscale nodes list -o json`, from 0.22 to 0.29, and the same list from Headscale's REST API (`GET /api/v1/node`).

Names of fields came and went: tags were `forced_tags` and `valid_tags` before they were `tags`; routes are in the list
since 0.26. The command line writes names in snake case and times as seconds and nanoseconds, the API camel case and RFC
3339.
"""

from __future__ import annotations

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, RootModel
from pydantic.alias_generators import to_camel

from aclc.diagnostics import Outcome
from aclc.source import Path
from aclc.tailnet.document import ValuedDocument
from aclc.tailnet.facts import Facts, NodeFacts, Spelling, UserFacts
from aclc.tailnet.shape import validated
from aclc.tailnet.times import SECOND

SNAKE = Spelling(
    login=(),
    name=("given_name",),
    created=("created_at",),
    user=("user",),
    tags=(),
    addresses=("ip_addresses",),
    advertised=("available_routes",),
    approved=("approved_routes",),
)
CAMEL = SNAKE._replace(
    name=("givenName",),
    created=("createdAt",),
    addresses=("ipAddresses",),
    advertised=("availableRoutes",),
    approved=("approvedRoutes",),
)
NOT_A_PERSON = "tagged-devices"
"""The user under which Headscale keeps tagged machines."""


def _either(name: str) -> AliasChoices:
    return AliasChoices(name, to_camel(name))


class Record(BaseModel):
    """An object of Headscale; what is empty is left out there."""

    model_config = ConfigDict(strict=True, alias_generator=AliasGenerator(validation_alias=_either))


class MomentRecord(Record):
    """A point in time as the command line writes it."""

    seconds: int = 0
    nanos: int = 0


class UserRecord(Record):
    """A person."""

    id: int | str = 0
    name: str = ""
    email: str = ""


class NodeRecord(Record):
    """A machine."""

    id: int | str = 0
    name: str = ""
    given_name: str = ""
    user: UserRecord | None = None
    ip_addresses: list[str] = []
    tags: list[str] | None = None
    forced_tags: list[str] | None = None
    valid_tags: list[str] | None = None
    available_routes: list[str] | None = None
    approved_routes: list[str] | None = None
    online: bool = False
    created_at: MomentRecord | str | None = None


class ListRecord(RootModel[list[NodeRecord]]):
    """The list, which the REST API keeps under `nodes`."""


def node_list_facts(document: ValuedDocument) -> Outcome[Facts]:
    """Give the facts of a node list; users in the order of their numbers, which is that of their creation."""
    wrapped = isinstance(document.value, dict)
    path: Path = ("nodes",) if wrapped else ()
    record, faults = validated(ListRecord, document.value["nodes"] if wrapped else document.value, document, path)
    if record is None:
        return Outcome(None, faults)
    users: dict[str, tuple[int, int]] = {}
    for at, node in enumerate(record.root):
        if login := _login(node.user):
            users.setdefault(login, (_number(node.user), at))
    facts = Facts(
        document,
        CAMEL if wrapped else SNAKE,
        name="",
        domains=(),
        users=tuple(
            UserFacts((*path, at, "user"), login, names=_names(record.root[at].user, login))
            for login, (_, at) in sorted(users.items(), key=lambda each: (each[1][0], each[1][1]))
        ),
        nodes=tuple(_node((*path, at), node) for at, node in enumerate(record.root)),
        limits=_limits(record.root),
    )
    return Outcome(facts, ())


def _limits(nodes: list[NodeRecord]) -> tuple[str, ...]:
    if not nodes or any(node.approved_routes or node.available_routes for node in nodes):
        return ()
    return ("no node has routes; the list has them since Headscale 0.26",)


def _login(user: UserRecord | None) -> str | None:
    """Give the login as policies write it: the e-mail address, else the name with an `@` behind it."""
    if user is None or user.name == NOT_A_PERSON:
        return None
    name = user.email or user.name
    return name if "@" in name or not name else f"{name}@"


def _names(user: UserRecord | None, login: str) -> tuple[str, ...]:
    """Give the name of a user who is known by an e-mail address."""
    return (user.name,) if user is not None and user.name and user.name != login.removesuffix("@") else ()


def _number(user: UserRecord | None) -> int:
    number = str(user.id) if user is not None else ""
    return int(number) if number.isascii() and number.isdigit() else 0


def _node(path: Path, node: NodeRecord) -> NodeFacts:
    created = node.created_at
    tags = node.tags if node.tags is not None else [*(node.forced_tags or ()), *(node.valid_tags or ())]
    return NodeFacts(
        path,
        node.given_name or node.name or f"node-{node.id}",
        node.ip_addresses,
        str(node.id),
        created.seconds * SECOND + created.nanos if isinstance(created, MomentRecord) else created,
        _login(node.user),
        tuple(dict.fromkeys(tags)),
        node.available_routes or (),
        node.approved_routes,
        node.online,
    )
