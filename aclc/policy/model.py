"""The policy, typed: what both languages are read into and everything else works on.

Every object carries the `Place` where it was written. Lists keep the positions of the file: an item that could not be
read stands as `selectors.INVALID`, so `rule.place.at("src", 3)` is always the fourth item. Paths use canonical keys
(`src`, never `users`).

Absent and empty differ in `acls`, `grants`, `ssh`, `srcPosture`: None means that the key is not there (or `null`).

These are named tuples rather than dataclasses (docs/decisions/0001): equality is by content, so never mix kinds in one
dict.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aclc.dialects.dialect import TAILSCALE_MEANING, Dialect, Meaning
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import PortRange, Prefix
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple
from aclc.source import Place
from aclc.syntax.value_document import ValueDocument

Json = Any
"""A value as JSON has it; only ever passed through."""


class PortSpec(NamedTuple):
    """What a rule lets through: a protocol and its ports, in written order, repeats kept.

    `protocol`: IP protocol number, None where the rule names none (TCP, UDP, ICMP and ICMPv6 on the wire). `ports`:
    never empty after a clean read; empty marks an entry that was reported as wrong.
    """

    protocol: int | None
    ports: tuple[PortRange, ...]


class AclDestination(NamedTuple):
    """One `dst` item of an acl: `tag:web:80,443`. `text` is the whole item, `ports` as in `PortSpec`."""

    selector: Selector
    ports: tuple[PortRange, ...]
    text: str


class Acl(NamedTuple):
    """One entry of `acls`. `protocol` as in `PortSpec`; `protocol_text` as written, "" where absent."""

    place: Place
    action: str
    src: tuple[Selector, ...]
    dst: tuple[AclDestination, ...]
    protocol: int | None
    protocol_text: str
    src_posture: tuple[str, ...] | None


class Capability(NamedTuple):
    """One key of `app`: values are passed through as they are, in order."""

    place: Place
    name: str
    values: Json


class Grant(NamedTuple):
    """One entry of `grants`. `ip` has one item per item of the file; `app` is in file order."""

    place: Place
    src: tuple[Selector, ...]
    dst: tuple[Selector, ...]
    ip: tuple[PortSpec, ...]
    app: tuple[Capability, ...]
    via: tuple[Selector, ...]
    src_posture: tuple[str, ...] | None


class Group(NamedTuple):
    """`name` with its `group:`. Members as selectors, so that a wrong member keeps its place."""

    place: Place
    name: str
    members: tuple[Selector, ...]


class Host(NamedTuple):
    """An alias. `prefix` is None where its value is not an address (reported)."""

    place: Place
    name: str
    text: str
    prefix: Prefix | None


class IpsetStep(NamedTuple):
    """One line of an ipset: `remove` takes away, else adds."""

    remove: bool
    selector: Selector
    text: str


class Ipset(NamedTuple):
    """`name` with its `ipset:`; steps are applied in order."""

    place: Place
    name: str
    steps: tuple[IpsetStep, ...]


class TagOwner(NamedTuple):
    """A tag, `name` with its `tag:`, and who may apply it. No owners: admins only."""

    place: Place
    name: str
    owners: tuple[Selector, ...]


class RouteApprover(NamedTuple):
    """A key of `autoApprovers.routes`; `prefix` is None where the key is no CIDR (reported)."""

    place: Place
    text: str
    prefix: Prefix | None
    approvers: tuple[Selector, ...]


class ServiceApprover(NamedTuple):
    """A key of `autoApprovers.services`: a service or a tag."""

    place: Place
    name: str
    approvers: tuple[Selector, ...]


class AutoApprovers(NamedTuple):
    """Who may have routes, exit nodes and services approved without an admin."""

    place: Place | None
    routes: tuple[RouteApprover, ...] = ()
    exit_node: tuple[Selector, ...] = ()
    services: tuple[ServiceApprover, ...] = ()


class SshRule(NamedTuple):
    """One entry of `ssh`. `action` trimmed, "" where absent. `users` trimmed, None where absent or null.

    `check_period`: as written, None where absent. `accept_env`: None where absent.
    """

    place: Place
    action: str
    src: tuple[Selector, ...]
    dst: tuple[Selector, ...]
    users: tuple[str, ...] | None
    check_period: str | None
    accept_env: tuple[str, ...] | None
    recorder: tuple[Selector, ...]
    enforce_recorder: bool
    src_posture: tuple[str, ...] | None


class NodeAttr(NamedTuple):
    """One entry of `nodeAttrs`. `ip_pool` keeps the texts."""

    place: Place
    target: tuple[Selector, ...]
    attr: tuple[str, ...]
    app: tuple[Capability, ...]
    ip_pool: tuple[str, ...]


class PostureCondition(NamedTuple):
    """`node:os == 'linux'`.

    `operator`: `==` `!=` `<` `<=` `>` `>=` `IN` `NOT IN` `IS SET` `NOT SET`; "" marks one that could not be read
    (reported). `values`: one for a comparison, any number for `IN`, none for `SET`; str, bool, int or float.
    """

    text: str
    attribute: str
    operator: str
    values: tuple[str | bool | int | float, ...]


class Posture(NamedTuple):
    """`name` with its `posture:`; all conditions must hold."""

    place: Place
    name: str
    conditions: tuple[PostureCondition, ...]


class AttrConfig(NamedTuple):
    """The declared type of a custom posture attribute."""

    place: Place
    name: str
    type: str
    allow_set_by_node: bool
    broadcast_to_peers: tuple[Selector, ...]


class PolicyTest(NamedTuple):
    """One entry of `tests`. `src` None where absent. `accept` and `deny` keep the texts, None where absent."""

    place: Place
    src: Selector | None
    accept: tuple[str, ...] | None
    deny: tuple[str, ...] | None
    proto: str
    src_posture_attrs: Mapping[str, Json]


class SshTest(NamedTuple):
    """One entry of `sshTests`; logins as written, None where absent."""

    place: Place
    src: Selector | None
    dst: tuple[Selector, ...]
    accept: tuple[str, ...] | None
    check: tuple[str, ...] | None
    deny: tuple[str, ...] | None
    src_posture_attrs: Mapping[str, Json]


class Policy(NamedTuple):
    """A whole policy. Mappings are keyed by full name (`group:eng`), in file order.

    `dialect`: the control plane's that it was read for; what it means is that control plane's to say.
    """

    document: ValueDocument
    acls: tuple[Acl, ...] | None
    grants: tuple[Grant, ...] | None
    groups: Mapping[str, Group]
    hosts: Mapping[str, Host]
    ipsets: Mapping[str, Ipset]
    tag_owners: Mapping[str, TagOwner]
    auto_approvers: AutoApprovers
    ssh: tuple[SshRule, ...] | None
    node_attrs: tuple[NodeAttr, ...]
    postures: Mapping[str, Posture]
    default_src_posture: tuple[str, ...]
    attr_config: Mapping[str, AttrConfig]
    tests: tuple[PolicyTest, ...]
    ssh_tests: tuple[SshTest, ...]
    derp_map: Json
    disable_ipv4: bool
    one_cgnat_route: str
    randomize_client_port: bool
    dialect: Dialect = TAILSCALE

    @property
    def place(self) -> Place:
        """The place of the whole policy."""
        return Place(self.document, ())

    @property
    def sections(self) -> Mapping[str, Json]:
        """The sections as they are written, those that no control plane knows included."""
        value = self.document.value
        return value if isinstance(value, dict) else {}

    @property
    def meaning(self) -> Meaning:
        """What the control plane makes of policies; Tailscale's where too little is known of it."""
        return self.dialect.meaning or TAILSCALE_MEANING

    @property
    def allows_everything_by_default(self) -> bool:
        """Whether neither `acls` nor `grants` is present, which means `*` to `*` (reference §5.11)."""
        return self.acls is None and self.grants is None
