"""Read a policy in the aclc language: statements become the value that HuJSON would have, and that is read as ever."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Note, Outcome, Severity, did_you_mean, in_order, shown
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import parse_prefix
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Policy
from aclc.policy.read_hujson import policy_of
from aclc.source import Path, Source, Span
from aclc.syntax.language import Part, parse_language

UNKNOWN = Code("LNG002", "unknown-name", Severity.ERROR)
REPEATED = Code("LNG003", "name-defined-twice", Severity.ERROR)
EXPIRED = Code("LNG004", "expired-rule", Severity.WARNING)
NO_SERVICE = Code("LNG005", "rule-opens-nothing", Severity.ERROR)
AMBIGUOUS = Code("LNG006", "ambiguous-name", Severity.ERROR)
BAD_DATE = Code("LNG007", "bad-date", Severity.ERROR)
REPEATED_CLAUSE = Code("LNG008", "clause-given-twice", Severity.ERROR)

_AUTOGROUPS = frozenset(
    {"member", "tagged", "self", "internet", "shared", "admin", "owner", "it-admin", "network-admin", "billing-admin"}
    | {"auditor", "danger-all"}
)
_PORTS = re.compile(r"[0-9]+(?:-[0-9]+)?")
_DEFINITIONS = ("group", "host", "ipset", "service")


def read_language(
    source: Source, dialect: Dialect = TAILSCALE, *, at: date | None = None, today: date | None = None
) -> Outcome[Policy]:
    """Give the policy that a text of the aclc language spells.

    Args:
        source: the text; its statements become one policy, in order.
        dialect: the control plane's.
        at: rules whose `until` lies before this day are left out. None: none is left out.
        today: rules whose `until` lies before this day are warned about. None: no warning.

    Returns:
        A policy also along with errors, as far as it could be read, as `read_policy` does. Never raises, for any text.
    """
    parsed = parse_language(source)
    document = LanguageDocument(source)
    lowering = _Lowering(document, dialect, parsed.value or (), at, today)
    lowering.run()
    if parsed.diagnostics:
        document.broken = ((),)
    found = [*parsed.diagnostics, *lowering.found]
    outcome = policy_of(document, found, dialect)
    return Outcome(outcome.value, in_order(outcome.diagnostics))


class _Lowering:
    """Turns statements into a value, noting the place of each part."""

    def __init__(
        self,
        document: LanguageDocument,
        dialect: Dialect,
        statements: Iterable[Part],
        at: date | None,
        today: date | None,
    ) -> None:
        self.found: list[Diagnostic] = []
        self._document = document
        self._dialect = dialect
        self._statements = list(statements)
        self._at, self._today = at, today
        self._value: dict[str, Any] = {}
        self._names: dict[str, dict[str, Part]] = {kind: {} for kind in _DEFINITIONS}
        self._services: dict[str, list[str]] = {}
        self._read: dict[str, Callable[[Part], None]] = {
            "group": self._group,
            "tag": self._tag,
            "host": self._host,
            "ipset": self._ipset,
            "posture": self._posture,
            "default_posture": self._default_posture,
            "service": lambda _: None,
            "allow": self._allow,
            "acl": self._acl,
            "ssh": self._ssh,
            "approve": self._approve,
            "attr": self._attr,
            "test": self._test,
            "ssh_test": self._ssh_test,
            "option": self._option,
            "raw": self._raw,
        }

    def run(self) -> None:
        """Read definitions first, so that names may be used above the line that defines them."""
        for statement in self._statements:
            if statement.kind in _DEFINITIONS:
                self._define(statement)
        for statement in self._statements:
            if statement.kind == "service":
                self._services[_name(statement)] = [
                    text for ports in statement.all("ports") for text in self._ports(ports, ())
                ]
        for statement in self._statements:
            self._read[statement.kind](statement)
        self._document.value = self._value

    def _span(self, part: Part) -> Span:
        return Span(self._document.source, part.start, part.end)

    def _define(self, statement: Part) -> None:
        word = statement.parts[0]
        bare = word.text.removeprefix(f"{statement.kind}:")
        table = self._names[statement.kind]
        if bare in table:
            note = Note(self._span(table[bare]), "first defined here")
            self.found.append(
                REPEATED.at(self._span(word), f"{statement.kind} {shown(bare)} is defined twice", notes=(note,))
            )
        table.setdefault(bare, word)

    def _section(self, key: str, empty: Any) -> Any:
        return self._value.setdefault(key, empty)

    def _put(self, section: str, key: str, value: Any, statement: Part, word: Part) -> Path:
        """Put a named member into a section; the second of one name was reported and is left out."""
        path = (section, key)
        table = self._section(section, {})
        if key not in table:
            table[key] = value
            self._document.place(path, statement.start, statement.end)
            self._document.place_key(path, word.start, word.end)
        return path

    def _texts(self, path: Path, parts: Iterable[Part], text: Callable[[Part], str]) -> list[str]:
        """Give the texts of some parts as a list, each with its place."""
        found = []
        for index, part in enumerate(parts):
            found.append(text(part))
            self._document.place((*path, index), part.start, part.end)
        return found

    def _selectors(self, path: Path, part: Part | None) -> list[str]:
        if part is None:
            return []
        self._document.place(path, part.start, part.end)
        return self._texts(path, part.parts, self._selector)

    def _selector(self, part: Part) -> str:
        word = part.parts[0] if part.parts else part
        match part.kind:
            case "tag_selector":
                return word.text if word.text.startswith("tag:") else f"tag:{word.text}"
            case "group_selector":
                return word.text if word.text.startswith("group:") else f"group:{word.text}"
            case "host_selector":
                return word.text
            case _:
                return word.text if word.kind == "text" else self._bare(word)

    def _bare(self, word: Part) -> str:
        """Give what a bare name means: everything, what it spells by itself, or the one thing that is defined so."""
        name = word.text
        if name in {"any", "*"}:
            return "*"
        if ":" in name or "@" in name or parse_prefix(name) is not None:
            return name
        meanings = [kind for kind in ("group", "host", "ipset") if name in self._names[kind]]
        if len(meanings) > 1:
            self.found.append(
                AMBIGUOUS.at(
                    self._span(word),
                    f"{shown(name)} is the name of a {' and of a '.join(meanings)}",
                    help=f"write `{meanings[0]}:{name}`" if meanings[0] != "host" else f"write `host {name}`",
                )
            )
        if meanings:
            return name if meanings[0] == "host" else f"{meanings[0]}:{name}"
        if name in _AUTOGROUPS:
            return f"autogroup:{name}"
        known = [*self._names["group"], *self._names["host"], *self._names["ipset"], *sorted(_AUTOGROUPS)]
        near = did_you_mean(name, known)
        self.found.append(
            UNKNOWN.at(
                self._span(word),
                f"{shown(name)} is no group, host or ipset",
                help=f"did you mean `{near}`?" if near else "define it, or write `tag NAME` for a tag",
            )
        )
        return name

    def _group(self, statement: Part) -> None:
        word = statement.parts[0]
        name = word.text.removeprefix("group:")
        members = statement.first("members")
        path = ("groups", f"group:{name}")
        logins = (
            [] if members is None else self._texts(path, members.parts, lambda part: (part.parts or (part,))[0].text)
        )
        self._put("groups", f"group:{name}", logins, statement, word)

    def _tag(self, statement: Part) -> None:
        word = statement.parts[0]
        name = f"tag:{word.text.removeprefix('tag:')}"
        owners = statement.first("selectors")
        value = self._texts(("tagOwners", name), owners.parts if owners else (), self._selector)
        self._put("tagOwners", name, value, statement, word)

    def _host(self, statement: Part) -> None:
        word, address = statement.parts
        path = self._put("hosts", word.text, address.text, address, word)
        self._document.place(path, address.start, address.end)

    def _ipset(self, statement: Part) -> None:
        word, *steps = statement.parts
        name = f"ipset:{word.text.removeprefix('ipset:')}"
        words = {"plain_step": "", "add_step": "add ", "remove_step": "remove "}
        value = self._texts(("ipsets", name), steps, lambda step: words[step.kind] + step.parts[0].text)
        self._put("ipsets", name, value, statement, word)

    def _posture(self, statement: Part) -> None:
        word, *conditions = statement.parts
        name = f"posture:{word.text.removeprefix('posture:')}"
        value = self._texts(("postures", name), conditions, lambda part: part.text)
        self._put("postures", name, value, statement, word)

    def _default_posture(self, statement: Part) -> None:
        path = ("defaultSrcPosture",)
        self._value["defaultSrcPosture"] = self._texts(path, statement.parts, _posture_name)
        self._document.place(path, statement.start, statement.end)

    def _allow(self, statement: Part) -> None:
        path: Path = ("grants", len(self._section("grants", [])))
        if self._is_over(statement):
            return
        src, dst = statement.all("selectors")
        clauses = self._clauses(statement)
        rule: dict[str, Any] = {
            "src": self._selectors((*path, "src"), src),
            "dst": self._selectors((*path, "dst"), dst),
        }
        if "on" in clauses:
            on = clauses["on"]
            self._document.place((*path, "ip"), on.start, on.end)
            rule["ip"] = [text for ports in on.parts for text in self._ports(ports, (*path, "ip"))]
        apps = list(statement.all("app"))
        if apps:
            rule["app"] = {part.parts[0].text: _json(part.parts[1]) if len(part.parts) > 1 else [] for part in apps}
            for part in apps:
                self._document.place((*path, "app", part.parts[0].text), part.start, part.end)
        if "via" in clauses:
            rule["via"] = self._selectors((*path, "via"), clauses["via"].parts[0])
        self._postures(rule, path, clauses)
        if "on" not in clauses and not apps:
            self.found.append(
                NO_SERVICE.at(
                    self._span(statement),
                    "rule says not what it lets through",
                    help="end it with `on any` or `on tcp 443`",
                )
            )
        self._value["grants"].append(rule)
        self._document.place(path, statement.start, statement.end)

    def _acl(self, statement: Part) -> None:
        path: Path = ("acls", len(self._section("acls", [])))
        if self._is_over(statement):
            return
        src, dst = statement.all("selectors")
        clauses = self._clauses(statement)
        rule: dict[str, Any] = {"action": "accept", "src": self._selectors((*path, "src"), src)}
        self._document.place((*path, "dst"), dst.start, dst.end)
        rule["dst"] = self._destinations((*path, "dst"), dst.parts)
        if "proto" in clauses:
            word = clauses["proto"].parts[0]
            rule["proto"] = word.text
            self._document.place((*path, "proto"), word.start, word.end)
        self._postures(rule, path, clauses)
        self._value["acls"].append(rule)
        self._document.place(path, statement.start, statement.end)

    def _destinations(self, path: Path, parts: Iterable[Part]) -> list[str]:
        """Give destinations with their ports; a bare port after a destination is one more port of it."""
        found: list[str] = []
        for part in parts:
            text = self._destination(part)
            if found and _PORTS.fullmatch(text):
                found[-1] += f",{text}"
            else:
                self._document.place((*path, len(found)), part.start, part.end)
                found.append(text)
        return found

    def _destination(self, part: Part) -> str:
        """Give a destination with its ports; `tag web:80` says `tag:web:80`."""
        word = (part.parts or (part,))[0]
        if part.kind == "tag_selector" and not word.text.startswith("tag:"):
            return f"tag:{word.text}"
        if part.kind == "group_selector" and not word.text.startswith("group:"):
            return f"group:{word.text}"
        return word.text

    def _ssh(self, statement: Part) -> None:
        path: Path = ("ssh", len(self._section("ssh", [])))
        if self._is_over(statement):
            return
        src, dst = statement.all("selectors")
        clauses = self._clauses(statement)
        rule: dict[str, Any] = {
            "action": statement.parts[0].kind,
            "src": self._selectors((*path, "src"), src),
            "dst": self._selectors((*path, "dst"), dst),
        }
        if "as_users" in clauses:
            part = clauses["as_users"]
            self._document.place((*path, "users"), part.start, part.end)
            rule["users"] = self._texts((*path, "users"), part.parts, _login)
        if "every" in clauses:
            word = clauses["every"].parts[0]
            rule["checkPeriod"] = word.text
            self._document.place((*path, "checkPeriod"), word.start, word.end)
        if "env" in clauses:
            rule["acceptEnv"] = self._texts((*path, "acceptEnv"), clauses["env"].parts, lambda part: part.text)
        if "recorder" in clauses:
            part = clauses["recorder"]
            rule["recorder"] = self._selectors((*path, "recorder"), part.parts[0])
            if part.first("enforced"):
                rule["enforceRecorder"] = True
        self._postures(rule, path, clauses)
        self._value["ssh"].append(rule)
        self._document.place(path, statement.start, statement.end)

    def _clauses(self, statement: Part) -> dict[str, Part]:
        """Give the clauses of a rule by kind; each but `app` may stand once."""
        clauses: dict[str, Part] = {}
        for part in statement.parts:
            if part.kind in clauses and part.kind not in {"app", "selectors"}:
                self.found.append(REPEATED_CLAUSE.at(self._span(part), "clause stands twice in one rule"))
            clauses.setdefault(part.kind, part)
        return clauses

    def _postures(self, rule: dict[str, Any], path: Path, clauses: dict[str, Part]) -> None:
        if "when" in clauses:
            part = clauses["when"]
            self._document.place((*path, "srcPosture"), part.start, part.end)
            rule["srcPosture"] = self._texts((*path, "srcPosture"), part.parts, _posture_name)

    def _is_over(self, statement: Part) -> bool:
        """Tell whether a rule is left out because its day has passed; warn where it has passed and stays."""
        until = statement.first("until")
        if until is None:
            return False
        word = until.parts[0]
        try:
            day = date.fromisoformat(word.text)
        except ValueError:
            self.found.append(
                BAD_DATE.at(self._span(word), f"{shown(word.text)} is no date", help="write `until 2026-12-31`")
            )
            return False
        if self._today is not None and day < self._today:
            self.found.append(
                EXPIRED.at(self._span(until), f"rule ended on {day}", help="remove it, or give it a new day")
            )
        return self._at is not None and day < self._at

    def _ports(self, ports: Part, path: Path) -> list[str]:
        """Give the items of `ip` that one part of `on` says: a named service may be several."""
        words = [part.text for part in ports.parts]
        if len(words) == 2:
            found = [f"{words[0]}:{words[1]}"]
        elif words[0] in {"any", "*"}:
            found = ["*"]
        elif words[0] in self._names["service"]:
            found = list(self._services.get(words[0], ()))
        elif words[0].lower() in self._dialect.protocols:
            found = [f"{words[0]}:*"]
        else:
            found = [words[0]]
        del path
        return found

    def _approve(self, statement: Part) -> None:
        approvers = self._section("autoApprovers", {})
        self._document.place(("autoApprovers",), statement.start, statement.end)
        what, by = statement.parts
        if what.kind == "exit_node":
            path: Path = ("autoApprovers", "exitNode")
            approvers.setdefault("exitNode", []).extend(self._selectors(path, by))
            return
        section = "routes" if what.kind == "route" else "services"
        word = what.parts[0]
        path = ("autoApprovers", section, word.text)
        approvers.setdefault(section, {}).setdefault(word.text, []).extend(self._selectors(path, by))
        self._document.place_key(path, word.start, word.end)

    def _attr(self, statement: Part) -> None:
        path: Path = ("nodeAttrs", len(self._section("nodeAttrs", [])))
        targets, *items = statement.parts
        entry: dict[str, Any] = {"target": self._selectors((*path, "target"), targets)}
        for item in items:
            if item.kind == "attr_name":
                listed = entry.setdefault("attr", [])
                self._document.place((*path, "attr", len(listed)), item.start, item.end)
                listed.append(item.parts[0].text)
            elif item.kind == "attr_pool":
                listed = entry.setdefault("ipPool", [])
                self._document.place((*path, "ipPool", len(listed)), item.start, item.end)
                listed.append(item.parts[0].text)
            else:
                entry.setdefault("app", {})[item.parts[0].text] = _json(item.parts[1])
        self._value["nodeAttrs"].append(entry)
        self._document.place(path, statement.start, statement.end)

    def _test(self, statement: Part) -> None:
        path: Path = ("tests", len(self._section("tests", [])))
        source = statement.parts[0]
        entry: dict[str, Any] = {"src": self._selector(source)}
        self._document.place((*path, "src"), source.start, source.end)
        for part in statement.parts[1:]:
            if part.kind in {"can", "cannot"}:
                key = "accept" if part.kind == "can" else "deny"
                self._outcome(entry, path, key, part)
            elif part.kind in {"name", "text"}:
                entry["proto"] = part.text
            else:
                entry["srcPostureAttrs"] = _json(part)
        self._value["tests"].append(entry)
        self._document.place(path, statement.start, statement.end)

    def _ssh_test(self, statement: Part) -> None:
        path: Path = ("sshTests", len(self._section("sshTests", [])))
        source, targets, *rest = statement.parts
        entry: dict[str, Any] = {"src": self._selector(source), "dst": self._selectors((*path, "dst"), targets)}
        self._document.place((*path, "src"), source.start, source.end)
        keys = {"can": "accept", "must_check": "check", "cannot": "deny"}
        for part in rest:
            if part.kind in keys:
                self._outcome(entry, path, keys[part.kind], part)
            else:
                entry["srcPostureAttrs"] = _json(part)
        self._value["sshTests"].append(entry)
        self._document.place(path, statement.start, statement.end)

    def _outcome(self, entry: dict[str, Any], path: Path, key: str, part: Part) -> None:
        listed = entry.setdefault(key, [])
        for word in part.parts[0].parts:
            self._document.place((*path, key, len(listed)), word.start, word.end)
            listed.append(word.text)

    def _option(self, statement: Part) -> None:
        word, value = statement.parts
        self._value[word.text] = _json(value)
        self._document.place((word.text,), statement.start, statement.end)
        self._document.place_key((word.text,), word.start, word.end)

    def _raw(self, statement: Part) -> None:
        """Pass an entry of a section through as JSON: lists grow by it, objects by its members."""
        word, value = statement.parts
        given = _json(value)
        if isinstance(given, list):
            listed = self._section(word.text, [])
            for item in given:
                self._document.place((word.text, len(listed)), statement.start, statement.end)
                listed.append(item)
        elif isinstance(given, dict) and isinstance(self._value.get(word.text, {}), dict):
            self._section(word.text, {}).update(given)
            for key in given:
                self._document.place((word.text, key), statement.start, statement.end)
        else:
            self._value[word.text] = given
        self._document.place((word.text,), statement.start, statement.end)


def _name(statement: Part) -> str:
    return statement.parts[0].text


def _posture_name(part: Part) -> str:
    return part.text if part.text.startswith("posture:") else f"posture:{part.text}"


def _login(part: Part) -> str:
    return "autogroup:nonroot" if part.kind == "name" and part.text == "nonroot" else part.text


def _json(part: Part) -> Any:
    """Give the JSON value that a part spells. A bare word that is no JSON value counts as a string."""
    match part.kind:
        case "object":
            return {pair.parts[0].text: _json(pair.parts[1]) for pair in part.parts}
        case "array":
            return [_json(item) for item in part.parts]
        case "scalar":
            try:
                return json.loads(part.parts[0].text)
            except ValueError:
                return part.parts[0].text
        case _:
            return part.text
