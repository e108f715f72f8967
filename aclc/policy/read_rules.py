"""Read the rules of a policy: `acls`, `grants`, `ssh`, `nodeAttrs`, and its `tests` and `sshTests`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.net import parse_prefix
from aclc.policy.fields import Fields, Members
from aclc.policy.model import Acl, Capability, Grant, NodeAttr, PolicyTest, SshRule, SshTest
from aclc.policy.read_selectors import Items, protocol_text
from aclc.policy.selectors import Selector
from aclc.source import Path, Place

ACTION = Code("VAL008", "action-not-accept", Severity.ERROR)
ONE_SIDE_MISSING = Code("VAL009", "missing-src-or-dst", Severity.WARNING)
EMPTY_GRANT = Code("VAL010", "grant-without-ip-or-app", Severity.ERROR)
SSH_USERS = Code("VAL018", "ssh-users-invalid", Severity.ERROR)
CHECK_PERIOD = Code("VAL019", "check-period", Severity.ERROR)
ACCEPT_ENV = Code("VAL021", "acceptenv-invalid", Severity.ERROR)
CAPABILITY_NAME = Code("VAL022", "cap-name", Severity.ERROR)
IP_POOL = Code("VAL027", "ippool", Severity.ERROR)

_CAPABILITY = r"([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*)/\S+\Z"
_REFUSING = frozenset({"deny", "drop", "block", "reject", "refuse"})


class Rules:
    """Reads one policy's rules."""

    def __init__(self, fields: Fields, items: Items) -> None:
        self.fields = fields
        self.items = items
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
        src = self.items.selectors(get("src", ()), (*path, "src"))
        dst = self.items.destinations(get("dst", ()), (*path, "dst"))
        if not src or not dst:
            self._one_side_missing(members, place)
        proto = get("proto", "")
        protocol = None
        if proto != "":
            protocol = self.items.protocol(proto, (*path, "proto"))
            self.items.check_ports_fit(protocol, dst, (*path, "dst"))
        return Acl(place, action, src, dst, protocol, protocol_text(proto), self._postures(get("srcPosture"), path))

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
        if action.lower() == "accept":
            advice = "write `accept`, in lower case"
        elif action.lower() in _REFUSING:
            advice = "rules only ever allow: remove this one, and narrow the rules that allow what it should stop"
        else:
            advice = "the only action is `accept`"
        self._report(
            ACTION.at(
                Place(self._document, (*path, "action")),
                f"action {shown(action)} does not exist for acls",
                help=advice,
                control=control,
            )
        )

    def _one_side_missing(self, members: Members, place: Place) -> None:
        for side in ("src", "dst"):
            if members.values.get(side) or side in members.lost:
                continue
            written = side in members.values
            self._report(
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

    def _postures(self, values: Any, path: Path) -> tuple[str, ...] | None:
        return None if values is None else self.fields.trimmed(values, (*path, "srcPosture"))

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
        src = self.items.selectors(get("src", ()), (*path, "src"))
        dst = self.items.selectors(
            get("dst", ()), (*path, "dst"), ports_stand_in='ports of a grant stand in `ip`: `"ip": ["{ports}"]`'
        )
        if not src or not dst:
            self._one_side_missing(members, place)
        ip = self.items.port_specs(get("ip", ()), (*path, "ip"))
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
        via = self.items.selectors(get("via", ()), (*path, "via"))
        return Grant(place, src, dst, ip, app, via, self._postures(get("srcPosture"), path))

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

    # ssh

    def ssh_rules(self, values: Sequence[Any], root: str) -> tuple[SshRule, ...]:
        """Give the ssh rules; entries that are no objects are left out."""
        return tuple(
            [self._ssh_rule(value, (root, index)) for index, value in self.fields.objects(values, (root,), "ssh")]
        )

    def _ssh_rule(self, value: dict[str, Any], path: Path) -> SshRule:
        members = self.fields.members(value, "ssh", path)
        get = members.values.get
        place = Place(self._document, path)
        action = get("action", "").strip()
        if action not in ("accept", "check"):
            self._ssh_action(action, members, path)
        src = self.items.selectors(get("src", ()), (*path, "src"))
        dst = self.items.selectors(
            get("dst", ()), (*path, "dst"), ports_stand_in="Tailscale SSH has its own port: leave `:{ports}` away"
        )
        if not src or not dst:
            self._one_side_missing(members, place)
        users = (
            None if "users" not in members.values else self.fields.trimmed(members.values["users"], (*path, "users"))
        )
        self._check_users(users, members, path)
        period = get("checkPeriod")
        if period is not None:
            period = period.strip()
            self._check_period(period, action, path)
        accept_env = self._texts(get("acceptEnv"), (*path, "acceptEnv"))
        self._check_accept_env(accept_env or (), get("acceptEnv"), path)
        recorder = self.items.selectors(get("recorder", ()), (*path, "recorder"))
        return SshRule(
            place,
            action,
            src,
            dst,
            users,
            period or None,
            accept_env,
            recorder,
            get("enforceRecorder", False),
            self._postures(get("srcPosture"), path),
        )

    def _ssh_action(self, action: str, members: Members, path: Path) -> None:
        if "action" in members.lost:
            return
        if not action:
            self._report(
                ACTION.at(
                    Place(self._document, (*path, "action") if "action" in members.values else path),
                    "ssh rule has no action",
                    help="write `accept`, or `check` to ask for a fresh login",
                    control=self.fields.dialect.control("ssh-action-missing"),
                )
            )
            return
        advice = "actions are `accept` and `check`"
        if action.lower() in ("accept", "check"):
            advice = f"write `{action.lower()}`, in lower case"
        elif action.lower() in _REFUSING:
            advice = "rules only ever allow: remove this one, and narrow the rules that allow what it should stop"
        self._report(
            ACTION.at(
                Place(self._document, (*path, "action")),
                f"action {shown(action)} does not exist for ssh rules",
                help=advice,
                control=self.fields.dialect.control("ssh-action", action=go_quoted(action)),
            )
        )

    def _check_users(self, users: tuple[str, ...] | None, members: Members, path: Path) -> None:
        if "users" in members.lost:
            return
        place = Place(self._document, path)
        if not users:
            self._report(
                SSH_USERS.at(
                    place if users is None else place.at("users"),
                    "ssh rule names no `users` to log in as",
                    help="list login names, `root`, or `autogroup:nonroot` for every name but root",
                    control=self.fields.dialect.control("ssh-users-missing"),
                )
            )
            return
        for index, user in enumerate(users):
            if user not in ("", "*") or type(members.values["users"][index]) is not str:
                continue
            self._report(
                SSH_USERS.at(
                    place.at("users", index),
                    f"{shown(user)} is not a login name" if user else "login name is empty",
                    help="for every login but root write `autogroup:nonroot`, and `root` beside it where wanted",
                    control=self.fields.dialect.control("ssh-user", user=go_quoted(user)),
                )
            )

    def _check_accept_env(self, names: tuple[str, ...], values: Any, path: Path) -> None:
        for index, name in enumerate(names):
            if name or type(values[index]) is not str:
                continue
            self._report(
                ACCEPT_ENV.at(
                    Place(self._document, (*path, "acceptEnv", index)),
                    "name of an environment variable is empty",
                    help="name a variable, or a pattern with `*` and `?`",
                    control=self.fields.dialect.control("accept-env"),
                )
            )

    def _check_period(self, period: str, action: str, path: Path) -> None:
        if period in ("", "always"):
            return
        from aclc.policy.durations import duration_text, parse_duration

        dialect = self.fields.dialect
        length = parse_duration(period)
        longest = f"{dialect.max_check_period // 3_600_000_000_000}h"
        if isinstance(length, str):
            message = f"{shown(period)} is not a duration"
            advice = "write a number and a unit, as in `12h` or `30m`, or `always`"
            control = dialect.control("duration", reason=length)
        elif length < 0:
            message, advice = f"check period {shown(period)} is negative", f"at most `{longest}`"
            control = dialect.control("check-period-negative", raw_period=duration_text(length))
        elif length > dialect.max_check_period:
            message, advice = f"check period {shown(period)} is too long", f"at most `{longest}`"
            control = dialect.control("check-period-long", raw_period=duration_text(length))
        else:
            if action == "accept":
                self._report(
                    CHECK_PERIOD.at(
                        self._document.key_span((*path, "checkPeriod")),
                        "`checkPeriod` has no effect with action `accept`",
                        help="make the action `check`, or leave the period out",
                        severity=Severity.WARNING,
                    )
                )
            return
        self._report(
            CHECK_PERIOD.at(Place(self._document, (*path, "checkPeriod")), message, help=advice, control=control)
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
            self.items.selectors(get("target", ()), (*path, "target"), refusal="target-host"),
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

    # tests

    def tests(self, values: Sequence[Any], root: str) -> tuple[PolicyTest, ...]:
        """Give the policy's tests; entries that are no objects are left out."""
        return tuple(
            [self._test(value, (root, index)) for index, value in self.fields.objects(values, (root,), "test")]
        )

    def _test(self, value: dict[str, Any], path: Path) -> PolicyTest:
        get = self.fields.members(value, "test", path).values.get
        proto = get("proto", "")
        if proto != "":
            self.items.protocol(proto, (*path, "proto"))
        return PolicyTest(
            Place(self._document, path),
            self._source(get("src"), path),
            self._texts(get("accept"), (*path, "accept")),
            self._texts(get("deny"), (*path, "deny")),
            protocol_text(proto),
            get("srcPostureAttrs", {}),
        )

    def ssh_tests(self, values: Sequence[Any], root: str) -> tuple[SshTest, ...]:
        """Give the policy's ssh tests; entries that are no objects are left out."""
        return tuple(
            [self._ssh_test(value, (root, index)) for index, value in self.fields.objects(values, (root,), "sshTest")]
        )

    def _ssh_test(self, value: dict[str, Any], path: Path) -> SshTest:
        get = self.fields.members(value, "sshTest", path).values.get
        return SshTest(
            Place(self._document, path),
            self._source(get("src"), path),
            self.items.selectors(get("dst", ()), (*path, "dst")),
            self._texts(get("accept"), (*path, "accept")),
            self._texts(get("check"), (*path, "check")),
            self._texts(get("deny"), (*path, "deny")),
            get("srcPostureAttrs", {}),
        )

    def _source(self, value: Any, path: Path) -> Selector | None:
        return None if value is None else self.items.selectors([value], (*path, "src"))[0]

    def _texts(self, values: Any, path: Path) -> tuple[str, ...] | None:
        return None if values is None else self.fields.texts(values, path)
