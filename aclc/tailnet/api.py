"""The Tailscale API's lists of devices (`GET /tailnet/-/devices?fields=all`) and users (`GET /tailnet/-/users`).

They are two files of one tailnet; either alone is taken, and one file may hold both lists.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from aclc.diagnostics import Outcome
from aclc.source import Path
from aclc.tailnet.document import ValuedDocument
from aclc.tailnet.facts import Facts, NodeFacts, Spelling, UserFacts, node_name, posture_facts
from aclc.tailnet.model import Role
from aclc.tailnet.shape import validated

SPELLING = Spelling(
    login=("loginName",),
    name=("name",),
    created=("created",),
    user=("user",),
    tags=("tags",),
    addresses=("addresses",),
    advertised=("advertisedRoutes",),
    approved=("enabledRoutes",),
)


class Record(BaseModel):
    """An object of the API, its names in camel case."""

    model_config = ConfigDict(strict=True, alias_generator=to_camel)


class DeviceRecord(Record):
    """A machine. The routes are there only with `fields=all`."""

    id: str = ""
    node_id: str = ""
    name: str
    hostname: str = ""
    user: str = ""
    addresses: list[str] = []
    tags: list[str] | None = None
    advertised_routes: list[str] | None = None
    enabled_routes: list[str] | None = None
    created: str = ""
    connected_to_control: bool = True
    os: str = ""
    client_version: str = ""
    is_external: bool = False


class UserRecord(Record):
    """A person; of type `shared` where it belongs to another tailnet."""

    login_name: str
    role: Role = "member"
    type: str = "member"
    created: str = ""


class ListingRecord(Record):
    """Either listing, or both."""

    devices: list[DeviceRecord] | None = None
    users: list[UserRecord] | None = None


def listing_facts(document: ValuedDocument) -> Outcome[Facts]:
    """Give the facts of a listing; users in the order of their creation, those of other tailnets left out."""
    record, faults = validated(ListingRecord, document.value, document)
    if record is None:
        return Outcome(None, faults)
    devices = record.devices or []
    suffix = next((device.name.partition(".")[2] for device in devices if not device.is_external), "")
    users = [(user.created, at, user) for at, user in enumerate(record.users or ()) if user.type != "shared"]
    facts = Facts(
        document,
        SPELLING,
        name="",
        domains=(),
        users=tuple(UserFacts(("users", at), user.login_name, user.role) for _, at, user in sorted(users, key=_age)),
        nodes=tuple(_node(("devices", at), device, suffix) for at, device in enumerate(devices)),
        limits=_limits(devices),
        has_roles=record.users is not None,
    )
    return Outcome(facts, ())


def _age(user: tuple[str, int, UserRecord]) -> tuple[str, int]:
    return user[0], user[1]


def _limits(devices: list[DeviceRecord]) -> tuple[str, ...]:
    if not devices or any(device.enabled_routes is not None for device in devices):
        return ()
    return ("the devices have no routes: ask the API for them with `fields=all`",)


def _node(path: Path, device: DeviceRecord, suffix: str) -> NodeFacts:
    return NodeFacts(
        path,
        node_name(device.name, suffix, device.hostname, device.node_id or device.id),
        device.addresses,
        device.node_id or device.id,
        device.created,
        device.user,
        device.tags or (),
        device.advertised_routes or (),
        device.enabled_routes,
        device.connected_to_control,
        posture_facts(os=device.os, client_version=device.client_version),
        shared=device.is_external,
    )
