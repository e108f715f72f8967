"""Read the `ssh` rules of a policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.policy.fields import Fields, Members
from aclc.policy.model import SshRule
from aclc.policy.read_rules import ACTION, REFUSING_ACTIONS, report_missing_sides
from aclc.policy.read_selectors import Selectors
from aclc.source import Path, Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

SSH_USERS = Code("VAL018", "ssh-users-invalid", Severity.ERROR)
CHECK_PERIOD = Code("VAL019", "check-period", Severity.ERROR)
ACCEPT_ENV = Code("VAL021", "acceptenv-invalid", Severity.ERROR)


class SshRules:
    """Reads one policy's ssh rules."""

    def __init__(self, fields: Fields, selectors: Selectors) -> None:
        self.fields = fields
        self.selectors = selectors
        self._document = fields.document
        self._severity = None if fields.dialect.ssh_values_checked else Severity.WARNING

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
        src = self.selectors.read(get("src", ()), (*path, "src"))
        dst = self.selectors.read(
            get("dst", ()), (*path, "dst"), ports_stand_in="Tailscale SSH has its own port: leave `:{ports}` away"
        )
        if not src or not dst:
            report_missing_sides(self.fields, members, place)
        users = self.fields.optional_trimmed(get("users"), (*path, "users"))
        self._check_users(users, members, path)
        period = get("checkPeriod")
        if period is not None:
            period = period.strip()
            self._check_period(period, action, path)
        accept_env = self.fields.optional_texts(get("acceptEnv"), (*path, "acceptEnv"))
        self._check_accept_env(accept_env or (), get("acceptEnv"), path)
        recorder = self.selectors.read(get("recorder", ()), (*path, "recorder"))
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
            self.fields.optional_trimmed(get("srcPosture"), (*path, "srcPosture")),
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
        elif action.lower() in REFUSING_ACTIONS:
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
                    severity=self._severity,
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
                    severity=self._severity,
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
                self._report_idle_period(path)
            return
        severity = self._severity if isinstance(length, int) and length < 0 else None
        place = Place(self._document, (*path, "checkPeriod"))
        self._report(CHECK_PERIOD.at(place, message, help=advice, control=control, severity=severity))

    def _report_idle_period(self, path: Path) -> None:
        """Report a period beside an action that has none: refused by some, without effect for others."""
        control = self.fields.dialect.control("check-period-accept")
        self._report(
            CHECK_PERIOD.at(
                self._document.key_span((*path, "checkPeriod")),
                "`checkPeriod` has no effect with action `accept`"
                if control is None
                else "`checkPeriod` is for the action `check` only",
                help="make the action `check`, or leave the period out",
                severity=Severity.WARNING if control is None else Severity.ERROR,
                fix=self._without_period(path),
                control=control,
            )
        )

    def _without_period(self, path: Path) -> Fix | None:
        document = self._document
        if not isinstance(document, HujsonDocument):
            return None
        return Fix("remove the period", delete(document, (*path, "checkPeriod")), safe=True)

    def _report(self, diagnostic: Diagnostic) -> None:
        self.fields.found.append(diagnostic)
