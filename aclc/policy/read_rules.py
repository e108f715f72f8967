"""Read the rules of a policy: `acls`, `grants` and `nodeAttrs`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.net import parse_prefix
from aclc.policy.fields import Fields, Members
from aclc.policy.model import Acl, Capability, Grant, NodeAttr
from aclc.policy.read_ports import PortItems, protocol_text
from aclc.policy.read_selectors import Selectors
from aclc.source import Path, Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import replace_value

ACTION = Code("VAL008", "action-not-accept", Severity.ERROR)
ONE_SIDE_MISSING = Code("VAL009", "missing-src-or-dst", Severity.WARNING)
EMPTY_GRANT = Code("VAL010", "grant-without-ip-or-app", Severity.ERROR)
CAPABILITY_NAME = Code("VAL022", "cap-name", Severity.ERROR)
IP_POOL = Code("VAL027", "ippool", Severity.ERROR)

REFUSING_ACTIONS = frozenset({"deny", "drop", "block", "reject", "refuse"})
"""Actions that people know from firewalls."""

_CAPABILITY = r"([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*)/\S+\Z"


class Rules:
    """Reads one policy's rules."""

    def __init__(self, fields: Fields, selectors: Selectors, ports: PortItems) -> None:
        self.fields = fields
        self.selectors = selectors
        self.ports = ports
        self._document = fields.document

    # acls

    def acls(self, values: Sequence[Any], root: str) -> tuple[Acl, ...]:
        """Give the acls; entries that are no objects are left out."""
        return tuple([self._acl(value, (root, index)) for index, value in self.fields.objects(values, (root,), "acl")])

    def _acl(self, value: dict[str, Any], path: Path) -> Acl:
        members = self.fields.members(value, "acl", path)
        get = members.values.get
        place = Place(self._document, path)
        action = get("action", "")
        if action != "accept":
            action = action.strip()
            if action != "accept":
                self._acl_action(action, members, path)
        src = self.selectors.read(get("src", ()), (*path, "src"))
        dst = self.ports.destinations(get("dst", ()), (*path, "dst"))
        if not src or not dst:
            report_missing_sides(self.fields, members, place)
        proto = get("proto", "")
        protocol = None
        if proto != "":
            protocol = self.ports.protocol(proto, (*path, "proto"))
            self.ports.check_fit(protocol, dst, (*path, "dst"))
        return Acl(
            place,
            action,
            src,
            dst,
            protocol,
            protocol_text(proto),
            self.fields.optional_trimmed(get("srcPosture"), (*path, "srcPosture")),
        )

    def _acl_action(self, action: str, members: Members, path: Path) -> None:
        if "action" in members.lost:
            return
        control = self.fields.dialect.control("acl-action", action=go_quoted(action))
        if not action:
            self._report(
                ACTION.at(
                    Place(self._document, (*path, "action") if "action" in members.values else path),
                    "acl has no action",
                    help='write `"action": "accept"`',
                    control=control,
                )
            )
            return
        fix = None
        if action.lower() == "accept":
            advice = "write `accept`, in lower case"
            if isinstance(self._document, HujsonDocument):
                edits = replace_value(self._document, (*path, "action"), '"accept"')
                fix = Fix("write accept", edits, safe=True)
        elif action.lower() in REFUSING_ACTIONS:
            advice = "rules only ever allow: remove this one, and narrow the rules that allow what it should stop"
        else:
            advice = "the only action is `accept`"
        self._report(
            ACTION.at(
                Place(self._document, (*path, "action")),
                f"action {shown(action)} does not exist for acls",
                help=advice,
                fix=fix,
                control=control,
            )
        )

    def _report(self, diagnostic: Diagnostic) -> None:
        self.fields.found.append(diagnostic)

    # grants

    def grants(self, values: Sequence[Any], root: str) -> tuple[Grant, ...]:
        """Give the grants; entries that are no objects are left out."""
        return tuple(
            [self._grant(value, (root, index)) for index, value in self.fields.objects(values, (root,), "grant")]
        )

    def _grant(self, value: dict[str, Any], path: Path) -> Grant:
        members = self.fields.members(value, "grant", path)
        get = members.values.get
        place = Place(self._document, path)
        src = self.selectors.read(get("src", ()), (*path, "src"))
        dst = self.selectors.read(
            get("dst", ()), (*path, "dst"), ports_stand_in='ports of a grant stand in `ip`: `"ip": ["{ports}"]`'
        )
        if not src or not dst:
            report_missing_sides(self.fields, members, place)
        ip = self.ports.specs(get("ip", ()), (*path, "ip"))
        app = self._capabilities(get("app"), (*path, "app"), grantable_only=True)
        if not ip and not app and not members.lost & {"ip", "app"}:
            self._report(
                EMPTY_GRANT.at(
                    place,
                    "grant has neither `ip` nor `app`",
                    help='name what it lets through: `"ip": ["*"]` is everything',
                    control=self.fields.dialect.control("grant-empty"),
                )
            )
        via = self.selectors.read(get("via", ()), (*path, "via"))
        return Grant(
            place, src, dst, ip, app, via, self.fields.optional_trimmed(get("srcPosture"), (*path, "srcPosture"))
        )

    def _capabilities(self, app: Any, path: Path, *, grantable_only: bool) -> tuple[Capability, ...]:
        if not app:
            return ()
        for name, values in app.items():
            self._check_capability(name, (*path, name), grantable_only=grantable_only)
            if values is not None and type(values) is not list:
                self.fields.wrong_type(values, f"capability {shown(name)}", "a list", (*path, name), item=dict)
        return tuple([Capability(Place(self._document, (*path, name)), name, values) for name, values in app.items()])

    def _check_capability(self, name: str, path: Path, *, grantable_only: bool) -> None:
        dialect = self.fields.dialect
        if name in dialect.grantable_capabilities:
            return
        match = re.match(_CAPABILITY, name)
        if match is None:
            self._report(
                CAPABILITY_NAME.at(
                    self._document.key_span(path),
                    f"{shown(name)} is not the name of a capability",
                    help="names have the form `DOMAIN/PATH`"
                    + (", without `https://`" if "://" in name else ", as in `example.com/cap/printer`"),
                    control=dialect.control("capability-form"),
                )
            )
        elif grantable_only and match[1].lower() in dialect.reserved_capability_domains:
            own = ", ".join(f"`{each}`" for each in sorted(dialect.grantable_capabilities))
            self._report(
                CAPABILITY_NAME.at(
                    self._document.key_span(path),
                    f"capability {shown(name)} is not one that a policy may grant",
                    help=f"of `{match[1]}` a policy may grant {own}; use a domain of your own for others",
                    control=dialect.control("capability-reserved") if match[1] == "tailscale.com" else None,
                )
            )

    # nodeAttrs

    def node_attrs(self, values: Sequence[Any], root: str) -> tuple[NodeAttr, ...]:
        """Give the node attributes; entries that are no objects are left out."""
        return tuple(
            [self._node_attr(value, (root, index)) for index, value in self.fields.objects(values, (root,), "nodeAttr")]
        )

    def _node_attr(self, value: dict[str, Any], path: Path) -> NodeAttr:
        get = self.fields.members(value, "nodeAttr", path).values.get
        written: Sequence[Any] = get("ipPool", ())
        pools = self.fields.texts(written, (*path, "ipPool"))
        for index, pool in enumerate(pools):
            if type(written[index]) is str:
                self._check_pool(pool, (*path, "ipPool", index))
        return NodeAttr(
            Place(self._document, path),
            self.selectors.read(get("target", ()), (*path, "target"), refusal="target-host"),
            self.fields.texts(get("attr", ()), (*path, "attr")),
            self._capabilities(get("app"), (*path, "app"), grantable_only=False),
            pools,
        )

    def _check_pool(self, pool: str, path: Path) -> None:
        dialect = self.fields.dialect
        prefix, bounds = parse_prefix(pool), parse_prefix(dialect.pool_range)
        reserved = [taken for taken in map(parse_prefix, dialect.reserved_pools) if taken is not None]
        severity, control = Severity.ERROR, None
        if prefix is None:
            message = f"{shown(pool)} is not a CIDR"
        elif any(taken.covers(prefix) for taken in reserved):
            message = f"pool {shown(pool)} lies within addresses that are reserved"
            control = dialect.control("pool-reserved", raw_pool=pool)
        elif bounds is not None and not bounds.covers(prefix):
            message = f"pool {shown(pool)} is not within `{dialect.pool_range}`"
        elif any(prefix.covers(taken) for taken in reserved):
            # WHY no error: documentation rules it out, but policies in use have it; only the case above is captured.
            message, severity = f"pool {shown(pool)} holds addresses that are reserved", Severity.WARNING
        else:
            return
        names = ", ".join(f"`{each}`" for each in dialect.reserved_pools)
        self._report(
            IP_POOL.at(
                Place(self._document, path),
                message,
                help=f"choose a CIDR within `{dialect.pool_range}` that leaves out {names}",
                control=control,
                severity=severity,
            )
        )


def report_missing_sides(fields: Fields, members: Members, place: Place) -> None:
    """Report a rule that has no sources, or no destinations."""
    for side in ("src", "dst"):
        if members.values.get(side) or side in members.lost:
            continue
        written = side in members.values
        fields.found.append(
            ONE_SIDE_MISSING.at(
                place.at(side) if written else place,
                f"`{side}` is empty, so this rule does nothing"
                if written
                else f"rule has no `{side}`, so it does nothing",
                help=f"name who may {'start' if side == 'src' else 'be reached by'} the connection"
                if side == "src"
                else "name what may be reached",
            )
        )
