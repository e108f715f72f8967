"""The rules of the aclc language as entries of the value that HuJSON would have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from aclc.diagnostics import Code, Severity
from aclc.net import parse_prefix
from aclc.policy.language_document import About
from aclc.policy.language_files import Statement
from aclc.policy.language_lowering import Lowering
from aclc.policy.language_names import bare_name
from aclc.policy.language_sets import Item
from aclc.source import Path, Span
from aclc.syntax.language_part import Part

NO_SERVICE = Code("LNG005", "rule-opens-nothing", Severity.ERROR)

_PORTS = re.compile(r"[0-9]+(?:-[0-9]+)?")
_WITH_PORTS = re.compile(r"(?P<host>[^:@]+):(?P<ports>[0-9*][0-9,*-]*)")


class RuleStatements:
    """Lowers rules, approvals, attributes and tests."""

    def __init__(self, lowering: Lowering) -> None:
        self._to = lowering
        self.kinds = {
            "allow": self._allow,
            "acl": self._acl,
            "ssh": self._ssh,
            "approve": self._approve,
            "attr": self._attr,
            "test": self._test,
            "ssh_test": self._ssh_test,
        }

    def _allow(self, statement: Statement) -> None:
        path = self._to.next_path("grants")
        about = self._to.about(statement)
        clauses = self._to.clauses(statement)
        src, dst = statement.part.all("selectors")
        rule: dict[str, Any] = {
            "src": self._to.selectors((*path, "src"), src, statement),
            "dst": self._to.selectors((*path, "dst"), dst, statement),
        }
        if "on" in clauses:
            on = clauses["on"]
            self._to.place((*path, "ip"), on, statement)
            rule["ip"] = self._to.items((*path, "ip"), self._to.finite.ports(on.parts, statement), statement)
        apps = list(statement.part.all("app"))
        if apps:
            rule["app"] = {
                part.parts[0].text: json_value(part.parts[1]) if len(part.parts) > 1 else [] for part in apps
            }
            for part in apps:
                self._to.place((*path, "app", part.parts[0].text), part, statement)
        if "via" in clauses:
            rule["via"] = self._to.selectors((*path, "via"), clauses["via"].parts[0], statement)
        self._postures(rule, path, clauses, statement)
        if "on" not in clauses and not apps:
            span = Span(statement.source, statement.part.start, statement.part.end)
            help = "end it with what it opens: `on tcp 443`, or `on any`"
            self._to.found.append(NO_SERVICE.at(span, "rule does not say what it lets through", help=help))
        self._add("grants", rule, statement, about)

    def _add(self, section: str, rule: dict[str, Any], statement: Statement, about: About | None) -> None:
        """Put a rule in its place. One that is over was lowered all the same, so that its faults are found."""
        if about is not None:
            self._to.add(section, rule, statement, about)

    def _acl(self, statement: Statement) -> None:
        path = self._to.next_path("acls")
        about = self._to.about(statement)
        clauses = self._to.clauses(statement)
        src, dst = statement.part.all("selectors")
        rule: dict[str, Any] = {"action": "accept", "src": self._to.selectors((*path, "src"), src, statement)}
        self._to.place((*path, "dst"), dst, statement)
        rule["dst"] = self._destinations((*path, "dst"), dst.parts, statement)
        if "proto" in clauses:
            word = clauses["proto"].parts[0]
            rule["proto"] = word.text
            self._to.place((*path, "proto"), word, statement)
        self._postures(rule, path, clauses, statement)
        self._add("acls", rule, statement, about)

    def _destinations(self, path: Path, parts: Iterable[Part], statement: Statement) -> list[str]:
        """Give destinations with their ports; a bare port after a destination is one more port of it."""
        found: list[str] = []
        for part in parts:
            text = self._target(part, statement)
            if text is None:
                continue
            if found and _PORTS.fullmatch(text):
                found[-1] += f",{text}"
            else:
                self._to.place((*path, len(found)), part, statement)
                found.append(text)
        return found

    def _target(self, part: Part, statement: Statement) -> str | None:
        """Give a destination with its ports as HuJSON spells it: `tag web:80` says `tag:web:80`. None where it means
        nothing, which is reported."""
        word = part.parts[0]
        if part.kind == "tag_selector":
            return f"tag:{bare_name('tag', word.text)}"
        if part.kind == "group_selector":
            return f"group:{bare_name('group', word.text)}"
        match = _WITH_PORTS.fullmatch(word.text)
        if word.kind == "text" or part.kind == "host_selector" or match is None or parse_prefix(match["host"]):
            return word.text
        host = word._replace(text=match["host"], end=word.start + len(match["host"]))
        meaning = self._to.names.meaning(host, statement.source)
        return None if meaning is None else f"{meaning}:{match['ports']}"

    def _ssh(self, statement: Statement) -> None:
        path = self._to.next_path("ssh")
        about = self._to.about(statement)
        clauses = self._to.clauses(statement)
        src, dst = statement.part.all("selectors")
        rule: dict[str, Any] = {
            "action": statement.part.parts[0].kind,
            "src": self._to.selectors((*path, "src"), src, statement),
            "dst": self._to.selectors((*path, "dst"), dst, statement),
        }
        if "as_users" in clauses:
            part = clauses["as_users"]
            self._to.place((*path, "users"), part, statement)
            rule["users"] = self._to.texts((*path, "users"), part.parts, statement, _login)
        if "every" in clauses:
            word = clauses["every"].parts[0]
            rule["checkPeriod"] = word.text
            self._to.place((*path, "checkPeriod"), word, statement)
        if "env" in clauses:
            words = clauses["env"].parts
            rule["acceptEnv"] = self._to.texts((*path, "acceptEnv"), words, statement, lambda part: part.text)
        if "recorder" in clauses:
            part = clauses["recorder"]
            rule["recorder"] = self._to.selectors((*path, "recorder"), part.parts[0], statement)
            if part.first("enforced"):
                rule["enforceRecorder"] = True
        self._postures(rule, path, clauses, statement)
        self._add("ssh", rule, statement, about)

    def _postures(self, rule: dict[str, Any], path: Path, clauses: dict[str, Part], statement: Statement) -> None:
        if "when" in clauses:
            part = clauses["when"]
            self._to.place((*path, "srcPosture"), part, statement)
            rule["srcPosture"] = self._to.texts((*path, "srcPosture"), part.parts, statement, posture_name)

    def _approve(self, statement: Statement) -> None:
        about = self._to.about(statement)
        self._to.clauses(statement)
        approvers = self._to.section("autoApprovers", {})
        self._to.place(("autoApprovers",), statement.part, statement)
        what, by = statement.part.parts[:2]
        if about is None:
            self._to.selected(by, statement)
            return
        path: Path
        if what.kind == "exit_node":
            path, listed = ("autoApprovers", "exitNode"), approvers.setdefault("exitNode", [])
        else:
            section = "routes" if what.kind == "route" else "services"
            word = what.parts[0]
            path = ("autoApprovers", section, word.text)
            listed = approvers.setdefault(section, {}).setdefault(word.text, [])
            self._to.document.place_key(path, Span(statement.source, word.start, word.end))
        first = len(listed)
        listed += self._to.selectors(path, by, statement, first)
        for index in range(first, len(listed)):
            self._to.belongs[*path, index] = statement.module
        if about != About():
            self._to.document.abouts.setdefault(path, about)

    def _attr(self, statement: Statement) -> None:
        path = self._to.next_path("nodeAttrs")
        about = self._to.about(statement)
        self._to.clauses(statement)
        targets = statement.part.parts[0]
        entry: dict[str, Any] = {"target": self._to.selectors((*path, "target"), targets, statement)}
        for item in statement.part.parts[1:]:
            if item.kind in {"attr_name", "attr_pool"}:
                key = "attr" if item.kind == "attr_name" else "ipPool"
                listed = entry.setdefault(key, [])
                self._to.place((*path, key, len(listed)), item.parts[0], statement)
                listed.append(item.parts[0].text)
            elif item.kind == "attr_app":
                name = item.parts[0].text
                self._to.place((*path, "app", name), item, statement)
                entry.setdefault("app", {})[name] = json_value(item.parts[1])
        self._add("nodeAttrs", entry, statement, about)

    def _test(self, statement: Statement) -> None:
        path = self._to.next_path("tests")
        about = self._to.about(statement)
        source = statement.part.parts[0]
        entry: dict[str, Any] = self._source(path, source, statement)
        for part in statement.part.parts[1:]:
            if part.kind in {"can", "cannot"}:
                key = "accept" if part.kind == "can" else "deny"
                listed = entry.setdefault(key, [])
                items = self._probes(part.parts[0].parts, statement)
                listed += self._to.items((*path, key), items, statement, len(listed))
            elif part.kind in {"name", "text"}:
                entry["proto"] = part.text
                self._to.place((*path, "proto"), part, statement)
            elif part.kind != "until":
                entry["srcPostureAttrs"] = json_value(part)
                self._to.place((*path, "srcPostureAttrs"), part, statement)
        self._add("tests", entry, statement, None if about is None else About())

    def _source(self, path: Path, part: Part, statement: Statement) -> dict[str, Any]:
        """Give a test that has a source and nothing else yet."""
        self._to.place((*path, "src"), part, statement)
        text = self._to.selector(part, statement)
        return {} if text is None else {"src": text}

    def _probes(self, parts: Iterable[Part], statement: Statement) -> list[Item]:
        """Give the destinations of a test; a bare port after one is another port of the same."""
        found: list[Item] = []
        for part in parts:
            text = self._target(part, statement)
            if text is None:
                continue
            if found and _PORTS.fullmatch(text):
                text = f"{found[-1].text.rpartition(':')[0]}:{text}"
            found.append(Item(text, part))
        return found

    def _ssh_test(self, statement: Statement) -> None:
        path = self._to.next_path("sshTests")
        about = self._to.about(statement)
        source, targets, *rest = statement.part.parts
        entry = self._source(path, source, statement)
        entry["dst"] = self._to.selectors((*path, "dst"), targets, statement)
        keys = {"can": "accept", "must_check": "check", "cannot": "deny"}
        for part in rest:
            if part.kind in keys:
                key = keys[part.kind]
                listed = entry.setdefault(key, [])
                items = [Item(_login(word), word) for word in part.parts[0].parts]
                listed += self._to.items((*path, key), items, statement, len(listed))
            elif part.kind != "until":
                entry["srcPostureAttrs"] = json_value(part)
                self._to.place((*path, "srcPostureAttrs"), part, statement)
        self._add("sshTests", entry, statement, None if about is None else About())


def posture_name(part: Part) -> str:
    """Give the full name of a posture."""
    return f"posture:{bare_name('posture', part.text)}"


def _login(part: Part) -> str:
    return "autogroup:nonroot" if part.kind == "name" and part.text == "nonroot" else part.text


def json_value(part: Part) -> Any:
    """Give the JSON value that a part spells. A bare word that is no JSON value counts as a string."""
    match part.kind:
        case "object":
            return {pair.parts[0].text: json_value(pair.parts[1]) for pair in part.parts}
        case "array":
            return [json_value(item) for item in part.parts]
        case "scalar":
            try:
                return json.loads(part.parts[0].text)
            except (ValueError, RecursionError):
                return part.parts[0].text
        case _:
            return part.text
