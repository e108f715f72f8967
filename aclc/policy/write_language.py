"""Write a policy in the aclc language: one decision a line, comments where they belong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aclc.net import parse_prefix
from aclc.policy.comment_places import GAP, place_comments
from aclc.policy.language_document import about_of
from aclc.policy.model import Policy
from aclc.source import Path, Source

_NAME = re.compile(r"[^\s\"#,;:=(){}\[\]|\->$](?:(?!->)[^\s\"#,;={}\[\]|$])*(?<!:)\Z")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*\Z")
_KEYWORDS = frozenset({
    "group", "tag", "host", "ipset", "posture", "default", "service", "allow", "acl", "ssh", "approve", "attr",
    "test", "sshtest", "option", "raw", "owned", "by", "add", "remove", "and", "on", "via", "app", "when",
    "or", "until", "because", "proto", "accept", "check", "as", "every", "env", "recorded", "enforced",
    "route", "exit", "node", "pool", "with", "can", "cannot", "must", "any", "include", "module", "from", "owns",
    "export", "let", "for", "in", "within", "except", "owner", "assert", "assume",
})  # fmt: skip
_AUTOGROUPS = frozenset({
    "member", "tagged", "self", "internet", "shared", "admin", "owner", "it-admin", "network-admin",
    "billing-admin", "auditor", "danger-all",
})  # fmt: skip
_ORDER = (
    "groups", "tagOwners", "hosts", "ipsets", "postures", "defaultSrcPosture", "grants", "acls", "ssh", "autoApprovers",
    "nodeAttrs", "tests", "sshTests",
)  # fmt: skip

Value = Mapping[str, Any]


def language_text(policy: Policy, value: Value, sources: Iterable[Source] = ()) -> str:
    """Give a policy as text of the aclc language.

    Args:
        policy: the policy; its places tell where comments belong.
        value: the policy's value with canonical keys, as its document has it.
        sources: the policy's texts whose comments are kept, each above what it stood before.

    What has no statement of its own is written as `raw` or `option`. Reading the text back gives the same value.
    """
    return _Writer(policy, value).text(sources)


class _Writer:
    """Writes the sections of one policy."""

    def __init__(self, policy: Policy, value: Value) -> None:
        self._policy = policy
        self._value = value
        self._hosts = set(value.get("hosts") or {})
        self._groups = {name.removeprefix("group:") for name in value.get("groups") or {}}
        self._ipsets = {name.removeprefix("ipset:") for name in value.get("ipsets") or {}}

    def text(self, sources: Iterable[Source]) -> str:
        """Give the whole text: sections apart by a blank line, each comment above the statement that it stood before,
        or behind the one that it stood behind."""
        statements = list(self._statements())
        placed = place_comments(self._policy.document, [path for path, _ in statements], sources)
        lines: list[str] = []
        section = None
        for number, (path, statement) in enumerate(statements):
            if section is not None and path[0] != section:
                lines.append("")
            section = path[0]
            lines += (line for text in placed.above.get(number, ()) for line in _comment(text))
            behind = placed.behind.get(number)
            lines.append(statement if behind is None else f"{statement} # {behind}".rstrip())
        lines += (line for text in placed.tail for line in _comment(text))
        return "\n".join(lines) + "\n"

    def _statements(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if "grants" not in self._value and "acls" not in self._value:
            yield ("grants",), "default allow"
        known = [key for key in _ORDER if key in self._value]
        for key in [*known, *(key for key in self._value if key not in _ORDER)]:
            value = self._value[key]
            yield from self._section(key, value)

    def _section(self, key: str, value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
        one = {
            "groups": self._group,
            "tagOwners": self._tag,
            "hosts": self._host,
            "ipsets": self._ipset,
            "postures": self._posture,
        }.get(key)
        listed = {
            "grants": self._grant, "acls": self._acl, "ssh": self._ssh, "nodeAttrs": self._attr, "tests": self._test,
            "sshTests": self._ssh_test,
        }.get(key)  # fmt: skip
        if one is not None and isinstance(value, dict) and value:
            for name, part in value.items():
                yield (key, name), one(name, part) or f"raw {key} {_json({name: part})}"
        elif listed is not None and isinstance(value, list) and value:
            for index, part in enumerate(value):
                text = listed(part) if isinstance(part, dict) else None
                said = self._about((key, index)) if text else ""
                yield (key, index), f"{text}{said}" if text else f"raw {key} {_json([part])}"
        elif key == "autoApprovers" and isinstance(value, dict) and (lines := self._approvers(value)) is not None:
            yield from lines
        elif key == "defaultSrcPosture" and isinstance(value, list) and value:
            yield (key,), f"default posture {', '.join(_quoted(_bare(each, 'posture:')) for each in value)}"
        elif key == "grants" and value == [] and "acls" not in self._value:
            return
        elif isinstance(value, (dict, list)):
            yield (key,), f"raw {key} {_json(value)}"
        else:
            yield (key,), f"option {key} {_json(value)}"

    def _about(self, path: Path) -> str:
        """Give the clauses of what a rule says about itself, each after a blank."""
        about = about_of(self._policy.document, path)
        until = "" if about.until is None else f" until {about.until}"
        because = f" because {_json(about.because)}" if about.because else ""
        return f"{until}{because} owner {_quoted(about.owner)}" if about.owner else f"{until}{because}"

    def _selector(self, text: Any) -> str:
        if not isinstance(text, str):
            raise _NoForm
        if text == "*":
            return "any"
        head, colon, rest = text.partition(":")
        if colon and head == "tag" and _WORD.match(rest) and rest not in _KEYWORDS:
            return f"tag {rest}"
        unclear = _KEYWORDS | (self._hosts if head != "host" else set())
        if (
            colon
            and head == "group"
            and _WORD.match(rest)
            and rest not in unclear | self._ipsets | _AUTOGROUPS
            and rest in self._groups
        ):
            return rest
        if (
            colon
            and head == "autogroup"
            and rest in _AUTOGROUPS
            and rest not in self._groups | self._hosts | self._ipsets
        ):
            return rest
        if colon or "@" in text or parse_prefix(text) is not None:
            return _quoted(text)
        plain = (
            _WORD.match(text)
            and text in self._hosts
            and text not in _KEYWORDS | self._groups | self._ipsets | _AUTOGROUPS
        )
        return text if plain else json.dumps(text)

    def _selectors(self, value: Any) -> str:
        if not isinstance(value, list) or not value:
            raise _NoForm
        return ", ".join(self._selector(each) for each in value)

    def _group(self, name: str, value: Any) -> str | None:
        if not _texts(value):
            return None
        members = ", ".join(_quoted(each) if "@" in each else json.dumps(each) for each in value)
        return f"group {_quoted(_bare(name, 'group:'))} = {members}".rstrip()

    def _tag(self, name: str, value: Any) -> str | None:
        if not _texts(value):
            return None
        head = f"tag {_quoted(_bare(name, 'tag:'))}"
        return f"{head} owned by {self._selectors(value)}" if value else head

    def _host(self, name: str, value: Any) -> str | None:
        return f"host {_quoted(name)} = {_quoted(value)}" if isinstance(value, str) else None

    def _ipset(self, name: str, value: Any) -> str | None:
        if not _texts(value) or not value:
            return None
        steps = []
        for step in value:
            word, _, rest = step.partition(" ")
            steps.append(f"{word} {_quoted(rest.strip())}" if word in {"add", "remove"} else _quoted(step))
        return f"ipset {_quoted(_bare(name, 'ipset:'))} = {', '.join(steps)}"

    def _posture(self, name: str, value: Any) -> str | None:
        if not _texts(value) or not value:
            return None
        return f"posture {_quoted(_bare(name, 'posture:'))} = {' and '.join(json.dumps(each) for each in value)}"

    def _grant(self, value: Value) -> str | None:
        if value.keys() - {"src", "dst", "ip", "app", "via", "srcPosture"}:
            return None
        try:
            parts = [f"allow {self._selectors(value.get('src'))} -> {self._selectors(value.get('dst'))}"]
            if value.get("ip"):
                parts.append("on " + ", ".join(_services(value["ip"])))
            if value.get("via"):
                parts.append(f"via {self._selectors(value['via'])}")
            for name, given in (value.get("app") or {}).items():
                parts.append(f"app {_quoted(name)} {_json(given)}")
            parts += _when(value)
        except _NoForm:
            return None
        complete = all(value[key] for key in ("ip", "app", "via", "srcPosture") if key in value)
        return " ".join(parts) if complete and ("ip" in value or "app" in value) else None

    def _acl(self, value: Value) -> str | None:
        if value.keys() - {"action", "src", "dst", "proto", "srcPosture"} or value.get("action") != "accept":
            return None
        try:
            if not _texts(value.get("dst")) or not value["dst"]:
                return None
            dst = ", ".join(self._destination(each) for each in value["dst"])
            parts = [f"acl {self._selectors(value.get('src'))} -> {dst}"]
            if isinstance(value.get("proto"), str) and value["proto"]:
                parts.append(f"proto {_quoted(value['proto'])}")
            elif "proto" in value:
                return None
            return " ".join([*parts, *_when(value)]) if value.get("srcPosture", True) else None
        except _NoForm:
            return None

    def _destination(self, text: str) -> str:
        """Give a destination with its ports: as written where every piece of it is a name by itself."""
        host, _, ports = text.rpartition(":")
        pieces = ports.split(",")
        fine = all(re.fullmatch(r"[0-9]+(-[0-9]+)?|\*", piece) for piece in pieces)
        if not host or not fine or "*" in pieces[1:] or not _NAME.match(f"{host}:{pieces[0]}") or "//" in host:
            return json.dumps(text)
        if not self._is_clear(host):
            return json.dumps(text)
        shown = f"tag {host.removeprefix('tag:')}" if re.match(r"tag:[A-Za-z][A-Za-z0-9-]*\Z", host) else host
        return ", ".join([f"{shown}:{pieces[0]}", *pieces[1:]])

    def _is_clear(self, host: str) -> bool:
        """Tell whether a destination's name stands for itself when it is written bare."""
        if ":" in host or "@" in host or host == "*" or parse_prefix(host) is not None:
            return True
        return host in self._hosts and host not in self._groups | self._ipsets | _AUTOGROUPS

    def _ssh(self, value: Value) -> str | None:
        known = {
            "action",
            "src",
            "dst",
            "users",
            "checkPeriod",
            "acceptEnv",
            "recorder",
            "enforceRecorder",
            "srcPosture",
        }
        if value.keys() - known or value.get("action") not in {"accept", "check"}:
            return None
        try:
            parts = [
                f"ssh {value['action']} {self._selectors(value.get('src'))} -> {self._selectors(value.get('dst'))}"
            ]
            if "users" in value:
                if not _texts(value["users"]) or not value["users"]:
                    return None
                parts.append("as " + ", ".join(_login(each) for each in value["users"]))
            if "checkPeriod" in value:
                parts.append(f"every {_quoted(value['checkPeriod'])}")
            if "acceptEnv" in value:
                parts.append("env " + ", ".join(json.dumps(each) for each in value["acceptEnv"]))
            if "recorder" in value:
                parts.append(f"recorded by {self._selectors(value['recorder'])}")
                parts += ["enforced"] if value.get("enforceRecorder") is True else []
            elif "enforceRecorder" in value:
                return None
            parts += _when(value)
        except (_NoForm, TypeError):
            return None
        complete = all(value[key] for key in ("acceptEnv", "recorder", "srcPosture", "enforceRecorder") if key in value)
        return " ".join(parts) if complete else None

    def _approvers(self, value: Value) -> list[tuple[tuple[str | int, ...], str]] | None:
        lines: list[tuple[tuple[str | int, ...], str]] = []
        if value.keys() - {"routes", "exitNode", "services"}:
            return None
        try:
            for key, word in (("routes", "route"), ("services", "service")):
                for name, who in (value.get(key) or {}).items():
                    lines.append(
                        (("autoApprovers", key, name), f"approve {word} {_quoted(name)} by {self._selectors(who)}")
                    )
            if value.get("exitNode"):
                text = f"approve exit node by {self._selectors(value['exitNode'])}"
                lines.append((("autoApprovers", "exitNode"), text))
        except _NoForm:
            return None
        empty = any(not value[key] for key in value)
        return None if empty or not lines else lines

    def _attr(self, value: Value) -> str | None:
        if value.keys() - {"target", "attr", "app", "ipPool"}:
            return None
        try:
            items = [_quoted(each) for each in value.get("attr") or ()]
            items += [f"pool {_quoted(each)}" for each in value.get("ipPool") or ()]
            items += [f"app {_quoted(name)} {_json(given)}" for name, given in (value.get("app") or {}).items()]
            empty = any(not value[key] for key in value)
            return f"attr {self._selectors(value.get('target'))}: {', '.join(items)}" if items and not empty else None
        except (_NoForm, TypeError):
            return None

    def _test(self, value: Value) -> str | None:
        return self._tested(value, {"accept": "can", "deny": "cannot"}, "test")

    def _ssh_test(self, value: Value) -> str | None:
        return self._tested(value, {"accept": "can", "check": "must check", "deny": "cannot"}, "sshtest")

    def _tested(self, value: Value, words: Mapping[str, str], statement: str) -> str | None:
        extra = {"src", "srcPostureAttrs", *({"dst"} if statement == "sshtest" else {"proto"})}
        if value.keys() - {*words, *extra}:
            return None
        one = _login if statement == "sshtest" else self._destination
        try:
            head = f"{statement} {self._selector(value.get('src'))}"
            if statement == "sshtest":
                head += f" -> {self._selectors(value.get('dst'))}"
            elif value.get("proto"):
                head += f" proto {_quoted(value['proto'])}"
            if value.get("srcPostureAttrs"):
                head += f" with {_json(value['srcPostureAttrs'])}"
            parts = [
                f"{word} {', '.join(one(each) for each in value[key])}"
                for key, word in words.items()
                if key in value and _texts(value[key])
            ]
        except (_NoForm, TypeError):
            return None
        empty = any(not value[key] for key in value)
        return f"{head}: {'; '.join(parts)}" if parts and not empty else None


class _NoForm(Exception):  # noqa: N818  # no error: the value is then written as `raw`
    """A value that the statement has no form for."""


def _comment(text: str) -> list[str]:
    """Give a comment as lines; a gap among comments as a blank one."""
    return [""] if text == GAP else [f"# {line}".rstrip() for line in text.split("\n")]


def _when(value: Value) -> list[str]:
    postures = value.get("srcPosture")
    if not postures:
        return []
    if not _texts(postures):
        raise _NoForm
    return [f"when posture {' or '.join(_quoted(_bare(each, 'posture:')) for each in postures)}"]


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _bare(text: str, prefix: str) -> str:
    rest = text.removeprefix(prefix)
    return rest if text.startswith(prefix) and _WORD.match(rest) else text


def _quoted(text: Any) -> str:
    """Give a name as it is, or in quotes where it would be read as something else."""
    if not isinstance(text, str):
        raise _NoForm
    return text if _NAME.match(text) and text not in _KEYWORDS and "//" not in text else json.dumps(text)


def _login(text: str) -> str:
    if text == "autogroup:nonroot":
        return "nonroot"
    return json.dumps(text) if text == "nonroot" else _quoted(text)


def _services(value: Any) -> Iterator[str]:
    """Give the items of `ip`: `tcp:443` as `tcp 443`, and as `443` after another one of TCP."""
    before: str | None = ""
    if not _texts(value):
        raise _NoForm
    for text in value:
        head, colon, ports = text.rpartition(":")
        if text == "*":
            yield "any"
            before = None
        elif (
            not re.fullmatch(r"[0-9]+(-[0-9]+)?|\*", ports)
            or not re.fullmatch(r"[A-Za-z0-9-]*", head)
            or colon == text[:1]
        ):
            yield json.dumps(text)
            before = None
        elif ports == "*" and head.isalpha():
            yield head
            before = None
        elif head == before and ports != "*":
            yield ports
        else:
            yield f"{head or 'any'} {ports}"
            before = head


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
