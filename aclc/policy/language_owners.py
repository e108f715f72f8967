"""Modules: a file opens only what its module owns, and uses only what it may see.

What a module owns is said by the file that declares it, so that a team cannot give itself anything. A module may let
anybody reach what it owns; what it may not do is open, tag, approve or configure what others own. Looked at is the
policy's value, so files that are not in the language are held to the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.net import IpSet
from aclc.policy.language_document import LanguageDocument
from aclc.policy.language_files import Module
from aclc.policy.language_groups import Finite
from aclc.policy.language_names import NameTable, bare_name, module_name
from aclc.policy.selectors import parse_selector
from aclc.records import NamedTuple
from aclc.source import Path, Span

NOT_OWNED = Code("LNG020", "not-owned", Severity.ERROR)
ROOT_ONLY = Code("LNG021", "not-for-modules", Severity.ERROR)
SELF_OWNED = Code("LNG023", "owns-what-it-defines", Severity.ERROR)

_OPENED = {"grants": ("dst",), "acls": ("dst",), "ssh": ("dst",), "nodeAttrs": ("target", "ipPool")}
"""Fields that name what a rule opens, or changes."""
_USED = {"grants": ("src", "via"), "acls": ("src",), "ssh": ("src", "recorder")}
_FOR_MODULES = frozenset({
    "grants", "acls", "ssh", "nodeAttrs", "groups", "tagOwners", "hosts", "ipsets", "postures", "autoApprovers",
    "tests", "sshTests",
})  # fmt: skip
_VERBS = {"grants": "open", "acls": "open", "ssh": "open", "nodeAttrs": "configure"}


class Owned(NamedTuple):
    """What a module owns, as HuJSON spells it. `area`: all addresses among it. `is_all`: it owns everything."""

    texts: tuple[str, ...]
    area: IpSet
    is_all: bool


class Owners:
    """Holds a policy's value to its modules.

    `belongs`: the module of each thing, by its path: an entry of a list, a member of an object, a section. `sections`:
    those that some control plane knows.
    """

    def __init__(
        self,
        document: LanguageDocument,
        modules: Sequence[Module],
        names: NameTable,
        finite: Finite,
        belongs: Mapping[Path, int],
        found: list[Diagnostic],
        sections: Collection[str],
    ) -> None:
        self._sections = sections
        self._document = document
        self._modules = modules
        self._names = names
        self._finite = finite
        self._belongs = belongs
        self._found = found
        self._owned: list[Owned] = []

    def check(self) -> None:
        """Report everything that a module may not do, and take it out of the value: questions about a policy with
        errors are answered by what is right of it. Cost: one look at every selector."""
        for module in self._modules:
            self._owned.append(self._declared(module))
        for path, number in self._belongs.items():
            value = self._at(path)
            before = len(self._found)
            self._look(path, value, number)
            if len(self._found) > before:
                self._emptied(path, value)

    def _emptied(self, path: Path, value: Any) -> None:
        """Let an entry open, tag and approve nothing."""
        if isinstance(value, dict):
            for field in _OPENED.get(str(path[0]), ()):
                value.pop(field, None)
        elif isinstance(value, list):
            value.clear()
        elif len(path) > 2 and isinstance(approvers := self._at(path[:-1]), list):
            # WHY all of them: the places of those that stay would count from another head.
            approvers.clear()

    def _look(self, path: Path, value: Any, number: int) -> None:
        """Look at one thing that belongs to a module."""
        section = str(path[0])
        if number and section not in _FOR_MODULES:
            if section in self._sections:  # what is no section at all the reader of the whole policy tells
                self._refuse_section(path, number)
        elif section in _OPENED and isinstance(value, dict):
            self._entry(path, value, number)
        elif section == "tagOwners":
            if number:
                self._opened(str(path[1]), self._document.key_span(path), number, "hand out")
            self._mentions(value, path, number)
        elif section == "ipsets":
            self._steps(value, path, number)
        elif section == "autoApprovers":
            self._approver(path, value, number)

    def _entry(self, path: Path, value: Mapping[str, Any], number: int) -> None:
        section = str(path[0])
        for field in _OPENED[section]:
            for index, text in _texts(value.get(field)):
                where = self._document.span((*path, field, index))
                target = _without_ports(text) if section == "acls" else text
                if number:
                    self._opened(target, where, number, _VERBS[section])
                else:
                    self._mention(target, where, number)
        for field in _USED.get(section, ()):
            self._mentions(value.get(field), (*path, field), number)
        for index, text in _texts(value.get("srcPosture")):
            self._see("posture", bare_name("posture", text), self._document.span((*path, "srcPosture", index)), number)

    def _approver(self, path: Path, value: Any, number: int) -> None:
        """Look at one approver: of a route, an exit node or a service."""
        where = self._document.span(path)
        if isinstance(value, str):
            self._mention(value, where, number)
        if not number or len(path) < 3:
            return
        if path[1] == "exitNode":
            self._opened("autogroup:internet", where, number, "approve exit nodes, which lead to")
        else:
            self._opened(str(path[2]), where, number, "approve")

    def _steps(self, value: Any, path: Path, number: int) -> None:
        for index, text in _texts(value):
            word = text.split(None, 1)[-1] if text.strip() else ""
            where = self._document.span((*path, index))
            if word.startswith("host:"):
                self._see("host", word.removeprefix("host:"), where, number)
            else:
                self._mention(word, where, number)

    def _mentions(self, value: Any, path: Path, number: int) -> None:
        for index, text in _texts(value):
            self._mention(text, self._document.span((*path, index)), number)

    def _mention(self, text: str, where: Span, number: int) -> None:
        """Report a name that a module uses and may not see."""
        kind = parse_selector(text).kind
        if kind in {"group", "tag", "ipset", "host"}:
            self._see(kind, bare_name(kind, text), where, number)

    def _see(self, kind: str, name: str, where: Span, number: int) -> None:
        defined = self._names.find(kind, name, number)
        if defined is not None:
            self._names.must_see(defined, number, where)

    def _opened(self, text: str, where: Span, number: int, verb: str) -> None:
        """Report what a module opens and does not own."""
        module = self._modules[number]
        if module.declared is None or self._owns(number, text):
            return
        others = [
            each.name
            for each in self._modules[: len(self._owned)]
            if each.number not in {0, number} and self._owns(each.number, text)
        ]
        whose = f"; it belongs to module {' and module '.join(shown(each) for each in others)}" if others else ""
        self._found.append(
            NOT_OWNED.at(
                where,
                f"module {shown(module.name)} may not {verb} {shown(text)}{whose}",
                help=f"ask its owners for the rule, or add it to what {module.name} owns",
                notes=(Note(module.declared, self._what(number)),),
            )
        )

    def _what(self, number: int) -> str:
        texts = self._owned[number].texts
        listed = ", ".join(texts[:6]) + (" and more" if len(texts) > 6 else "")
        return f"module {self._modules[number].name} owns {listed}" if texts else "the module owns nothing"

    def _owns(self, number: int, text: str) -> bool:
        owned = self._owned[number]
        if owned.is_all or any(_covers(each, text) for each in owned.texts):
            return True
        addresses = self._finite.known.addresses(text)
        if addresses is not None:
            return bool(addresses) and not addresses - owned.area
        if not text.startswith("group:"):
            return False
        # A group is no more than its people, so a module that owns all of them owns it.
        logins = self._finite.known.logins(text)
        return bool(logins) and all(login in owned.texts for login in logins or ())

    def _declared(self, module: Module) -> Owned:
        """Give what a module owns; what its declaration may not give away is reported and not owned."""
        if module.declared is None:
            return Owned((), IpSet(), is_all=True)
        texts: list[str] = []
        area = IpSet()
        parent = module.parent or 0
        for part in module.owns:
            span = Span(module.source, part.start, part.end)
            text = self._names.selector(part, module.source)
            if text is None:
                continue
            own = self._own_definition(text, module.number)
            if own is not None:
                self._found.append(
                    SELF_OWNED.at(
                        span,
                        f"module {shown(module.name)} defines {shown(text)} itself, so it could make anything its own",
                        help="define it in a file above, or name the addresses or people that it stands for",
                        notes=(Note(own, "defined here"),),
                    )
                )
            elif parent and not self._owns(parent, text):
                self._opened(text, span, parent, "give away")
            else:
                texts.append(text)
                area = area | (self._finite.known.addresses(text) or IpSet())
        return Owned(tuple(texts), area, is_all="*" in texts)

    def _own_definition(self, text: str, number: int) -> Span | None:
        """Give where a module, or one below it, defines a group, host or ipset. Tags stand for nothing but
        themselves."""
        kind = parse_selector(text).kind
        if kind not in {"group", "host", "ipset"}:
            return None
        defined = self._names.find(kind, bare_name(kind, text), 0)
        if defined is None:
            return None
        above: int | None = defined.module
        while above is not None and above != number:
            above = self._modules[above].parent
        return None if above is None else defined.span

    def _refuse_section(self, path: Path, number: int) -> None:
        what = shown(str(path[0]))
        message = f"{what} cannot be said in a file of {module_name(self._modules, number)}"
        help = "move it to a file of the root: it concerns the whole tailnet"
        self._found.append(ROOT_ONLY.at(self._document.span(path), message, help=help))

    def _at(self, path: Path) -> Any:
        value: Any = self._document.value
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def _texts(value: Any) -> Iterator[tuple[int, str]]:
    if isinstance(value, list):
        yield from ((index, text) for index, text in enumerate(value) if isinstance(text, str))


def _without_ports(text: str) -> str:
    host, _, ports = text.rpartition(":")
    if not host or ports.strip("0123456789,-* "):
        return text
    return host.removeprefix("[").removesuffix("]")


def _covers(owned: str, text: str) -> bool:
    """Tell whether what is owned names a thing: the same name, or a pattern of tags or services with `*` in it."""
    if owned == text:
        return True
    if "*" not in owned or not owned.startswith(("tag:", "svc:")):
        return False
    head, *middle, tail = owned.split("*")
    if not text.startswith(head) or len(text) < len(head) + len(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return text.endswith(tail)
