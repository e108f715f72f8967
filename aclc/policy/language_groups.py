"""What a policy in the aclc language knows by itself of people, addresses and services: all that is finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclc.diagnostics import Code, Diagnostic, Severity, did_you_mean, shown
from aclc.dialects.dialect import Dialect
from aclc.net import IpSet, parse_prefix, parse_range
from aclc.policy.language_files import Statement
from aclc.policy.language_names import UNKNOWN, Defined, NameTable, bare_name
from aclc.policy.language_sets import NOT_EXACT, Item, Known, once, taken_apart
from aclc.policy.selectors import parse_selector
from aclc.source import Span
from aclc.syntax.language_part import Part

CIRCLE = Code("LNG022", "defined-by-itself", Severity.ERROR)
LOOSE_PORTS = Code("LNG009", "ports-of-no-protocol", Severity.ERROR)

DEEPEST = 64
"""Names that are made from names that are made from names."""
MOST_MEMBERS = 100_000
"""Members of all groups together, groups in groups written out."""


class Finite:
    """The groups, hosts, ipsets and services of a policy, each worked out at most once.

    `foreign`: values of what is defined in files that are not in the language, by full name.
    """

    def __init__(
        self, names: NameTable, dialect: Dialect, foreign: Mapping[str, object], found: list[Diagnostic]
    ) -> None:
        self._names = names
        self._dialect = dialect
        self._foreign = foreign
        self._found = found
        self._groups: dict[str, tuple[Item, ...]] = {}
        self._services: dict[int, tuple[str, ...]] = {}
        self._visible: dict[int, dict[str, tuple[str, ...]]] = {}
        self._open: list[object] = []
        self.used: set[str] = set()
        self._members = MOST_MEMBERS
        self.known = Known(self._logins, self._addresses)

    def members(self, name: str) -> tuple[Item, ...] | None:
        """Give the logins of a group, groups in it written out; None where the policy does not define it."""
        if name in self._groups:
            return self._groups[name]
        defined = next(iter(each for each in self._names.all("group") if each.name == name), None)
        if defined is None:
            return None
        if defined.statement is None:
            value = self._foreign.get(f"group:{name}")
            listed = value if isinstance(value, list) else []
            none = Part("text", 0, 0, "", ())
            return tuple(Item(text, none) for text in listed if isinstance(text, str))
        if not self._enter(name, defined):
            return ()
        self._groups[name] = tuple(self._written_out(defined.statement))
        self._open.pop()
        return self._groups[name]

    def _enter(self, key: object, defined: Defined) -> bool:
        if key in self._open or len(self._open) > DEEPEST:
            what = "itself" if key in self._open else f"more than {DEEPEST} others in a row"
            self._found.append(CIRCLE.at(defined.span, f"{defined.kind} {shown(defined.name)} is made from {what}"))
            return False
        self._open.append(key)
        return True

    def _written_out(self, statement: Statement) -> list[Item]:
        part = statement.part.first("members")
        if part is None:
            return []

        def span(each: Part) -> Span:
            return Span(statement.source, each.start, each.end)

        def some(parts: Sequence[Part]) -> list[Item]:
            return [item for each in parts for item in self._member(each, statement, span(each))]

        within, without = part.first("within"), part.first("except")
        items = some([each for each in part.parts if each.kind not in {"within", "except"}])
        if within is None and without is None:
            # A list is kept as it is written; who is in it by several groups is in it once.
            return once(items) if len(items) > len(part.parts) else items
        return taken_apart(
            items,
            None if within is None else some(within.parts),
            None if without is None else some(without.parts),
            self.known,
            span,
            self._found,
        )

    def _member(self, part: Part, statement: Statement, span: Span) -> list[Item]:
        """Give one member, of a group in a group all of its members. What stands in quotes is a member as it is."""
        word = part.parts[0]
        if word.kind == "text" and part.kind == "bare_selector":
            return [Item(word.text, part)]
        text = word.text
        if part.kind == "tag_selector":
            return [Item(f"tag:{bare_name('tag', text)}", part)]
        if part.kind == "bare_selector" and not text.startswith("group:") and ("@" in text or ":" in text):
            return [Item(text, part)]
        name = bare_name("group", text)
        members = self.members(name)
        self.used.add(f"group:{name}")
        defined = self._names.find("group", name, statement.module)
        if defined is not None:
            self._names.must_see(defined, statement.module, span)
        if members is None:
            near = did_you_mean(name, [each.name for each in self._names.all("group")])
            help = f"did you mean `{near}`?" if near else "a login has an `@`; anything else stands in quotes"
            self._found.append(UNKNOWN.at(span, f"{shown(name)} is no group of this policy", help=help))
            return []
        self._members -= len(members)
        if self._members < 0:
            self._found.append(NOT_EXACT.at(span, f"groups have more than {MOST_MEMBERS:,} members together"))
            self._groups = dict.fromkeys(self._groups, ())
            return []
        return [Item(member.text, part) for member in members]

    def _logins(self, text: str) -> Sequence[str] | None:
        selector = parse_selector(text)
        if selector.kind == "user":
            return (text,)
        if selector.kind != "group":
            return None
        self.used.add(text)
        members = self.members(bare_name("group", text))
        return None if members is None else [member.text for member in members]

    def _addresses(self, text: str, above: tuple[str, ...] = ()) -> IpSet | None:
        """Give the addresses of an address, a host or an ipset made from them; None for everything else."""
        prefix = parse_prefix(text)
        if prefix is not None:
            return IpSet.of(prefix)
        ends = parse_range(text)
        if ends is not None:
            low, high = ends
            return IpSet.from_intervals([(low.family, low.value, high.value)])
        if text in above or len(above) > DEEPEST:
            return None
        self.used.add(text)
        kind = "ipset" if text.startswith("ipset:") else "host"
        name = bare_name(kind, text)
        defined = next((each for each in self._names.all(kind) if each.name == name), None)
        if defined is None:
            return None
        if kind == "host":
            value = defined.statement.part.parts[1].text if defined.statement else self._foreign.get(f"host:{name}")
            prefix = parse_prefix(value) if isinstance(value, str) else None
            return IpSet.of(prefix) if prefix is not None else None
        total = IpSet()
        for word, step in self._steps(defined):
            area = self._addresses(step, (*above, text))
            if area is None:
                return None
            total = total - area if word == "remove" else total | area
        return total

    def _steps(self, defined: Defined) -> list[tuple[str, str]]:
        if defined.statement is None:
            value = self._foreign.get(f"ipset:{defined.name}")
            texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else ["?"]
            words = [text.split(None, 1) for text in texts]
            return [(each[0], each[1]) if len(each) == 2 else ("add", each[0] if each else "?") for each in words]
        return [
            ("remove" if part.kind == "remove_step" else "add", part.parts[0].text)
            for part in defined.statement.part.parts[1:]
        ]

    def ports(self, parts: Sequence[Part], statement: Statement) -> list[Item]:
        """Give what the parts of `on`, or of a service, say as items of `ip`.

        Ports by themselves go on with the protocol before them; at the head they are of any protocol.
        """
        found: list[Item] = []
        before: str | None = ""
        for part in parts:
            words = [word.text for word in part.parts]
            first = part.parts[0]
            span = Span(statement.source, part.start, part.end)
            if len(words) == 2:
                before = "" if words[0] in {"any", "*"} else f"{words[0]}:"
                found.append(Item(f"{before}{words[1]}", part))
            elif first.kind == "text":
                before = None
                found.append(Item(first.text, part))
            elif _is_ports(words[0]):
                if before is None:
                    help = f"write the protocol: `tcp {words[0]}`, or `any {words[0]}`"
                    self._found.append(LOOSE_PORTS.at(span, f"ports {shown(words[0])} follow no protocol", help=help))
                found.append(Item(f"{before or ''}{words[0]}", part))
            else:
                before = None
                found += self._service(words[0], part, statement, span)
        return found

    def services(self, module: int) -> Mapping[str, tuple[str, ...]]:
        """Give the services that the files of a module may name, as items of `ip`.

        What is wrong with them is told where they are defined.
        """
        if module not in self._visible:
            faults = len(self._found)
            found = self._visible[module] = {}
            for name in dict.fromkeys(each.name for each in self._names.all("service")):
                defined = self._names.find("service", name, module)
                if defined is not None and defined.statement is not None and self._names.sees(defined, module):
                    items = self._service(name, defined.statement.part, defined.statement, defined.span)
                    found[name] = tuple(item.text for item in items)
            del self._found[faults:]
        return self._visible[module]

    def _service(self, word: str, part: Part, statement: Statement, span: Span) -> list[Item]:
        defined = self._names.find("service", word, statement.module)
        if defined is not None and defined.statement is not None:
            self._names.must_see(defined, statement.module, span)
            key = id(defined.statement.part)
            if key not in self._services:
                if not self._enter(key, defined):
                    return []
                inner = self.ports(defined.statement.part.parts[1:], defined.statement)
                self._services[key] = tuple(dict.fromkeys(item.text for item in inner))
                self._open.pop()
            return [Item(text, part) for text in self._services[key]]
        if word in {"any", "*"}:
            return [Item("*", part)]
        if word.lower() in self._dialect.protocols or word.isdigit():
            return [Item(f"{word}:*", part)]
        if not word.replace("-", "").replace("_", "").isalpha():
            # What looks like nothing known is for the reader of ports to judge.
            return [Item(word, part)]
        known = [*(each.name for each in self._names.all("service")), *self._dialect.protocols, "any"]
        near = did_you_mean(word, known)
        help = f"did you mean `{near}`?" if near else f"define it: `service {word} = tcp …`"
        self._found.append(UNKNOWN.at(span, f"{shown(word)} is no service and no protocol", help=help))
        return []


def _is_ports(text: str) -> bool:
    head, dash, tail = text.partition("-")
    return head.isascii() and head.isdigit() and (not dash or (tail.isascii() and tail.isdigit()))
