"""Read a policy in the aclc language: statements become the value that HuJSON would have, and that is read as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from aclc.diagnostics import Diagnostic, Outcome, has_errors, in_order, shown
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.language_document import LanguageDocument, Promise
from aclc.policy.language_files import Gathered, Statement, gather
from aclc.policy.language_foreign import foreign_values, join, read_foreign
from aclc.policy.language_groups import Finite
from aclc.policy.language_loops import written_out
from aclc.policy.language_lowering import Lowering, ending
from aclc.policy.language_names import KINDS, REPEATED, NameTable, bare_name, module_name
from aclc.policy.language_owners import ROOT_ONLY, Owners
from aclc.policy.language_rules import RuleStatements, json_value, posture_name
from aclc.policy.model import Policy
from aclc.policy.read_hujson import EMPTY_SECTION, policy_of
from aclc.source import Source, Span


def read_language(
    source: Source, dialect: Dialect = TAILSCALE, *, at: date | None = None, today: date | None = None
) -> Outcome[Policy]:
    """Give the policy that a text of the aclc language spells, along with the files that it includes.

    Args:
        source: the text; it and its files become one policy, in order.
        dialect: the control plane's.
        at: rules whose `until` lies before this day are left out. None: none is left out.
        today: rules whose `until` lies before this day, or soon after it, are warned about. None: no warning.

    Returns:
        A policy also along with errors, as far as it could be read, as `read_policy` does. Never raises, for any text.
    """
    document = LanguageDocument(source)
    gathered = gather(source)
    document.sources = gathered.sources
    document.included = gathered.included
    found = list(gathered.diagnostics)
    _lower(document, gathered, dialect, found, at)
    found += ending(document, today, at) if today is not None else ()
    if has_errors(found):
        document.broken = ((),)
    outcome = policy_of(document, found, dialect)
    # WHY: that nothing is allowed unless a line allows it is what the language is about; nobody wrote an empty list.
    is_written = any(document.has_place((key,)) for key in ("grants", "acls"))
    told = (each for each in outcome.diagnostics if each.code is not EMPTY_SECTION or is_written)
    return Outcome(outcome.value, in_order(told))


def _lower(
    document: LanguageDocument,
    gathered: Gathered,
    dialect: Dialect,
    found: list[Diagnostic],
    at: date | None,
) -> None:
    """Work out the value of a document. Definitions come first, so that names may be used above their line."""
    statements = written_out(gathered.statements, gathered.modules, found)
    names = NameTable(gathered.modules, found)
    for statement in statements:
        if statement.part.kind in KINDS:
            names.define_statement(statement)
    files = read_foreign(gathered, dialect, names, found)
    for statement in statements:
        if statement.part.kind == "export":
            names.export(statement)
    finite = Finite(names, dialect, foreign_values(files), found)
    lowering = Lowering(document, dialect, gathered.modules, names, finite, found, at)
    reading = _Statements(lowering)
    for statement in statements:
        reading.read(statement)
    for file in files:
        join(file, lowering)
    reading.finish()
    document.value = lowering.value
    document.used = frozenset(finite.used)
    document.ends = tuple(lowering.ends)
    if len(gathered.modules) > 1:
        shape = dialect.shapes["policy"]
        sections = frozenset((*shape.keys, *shape.elsewhere))
        Owners(document, gathered.modules, names, finite, lowering.belongs, found, sections).check()


_ROOT_ONLY = {
    "default_posture": "a default posture",
    "default_allow": "`default allow`",
    "option": "an option",
    "raw": "a raw section",
}


class _Statements:
    """Lowers statements one by one."""

    def __init__(self, lowering: Lowering) -> None:
        self._to = lowering
        self._default_allow: Span | None = None
        self._promises: list[Promise] = []
        self._read: dict[str, Callable[[Statement], None]] = {
            "export": _nothing,
            "service": self._service,
            "group": self._group,
            "tag": self._tag,
            "host": self._host,
            "ipset": self._ipset,
            "posture": self._posture,
            "default_posture": self._default_posture,
            "default_allow": self._allow_by_default,
            "option": self._option,
            "raw": self._raw,
            "promise": self._promise,
            **RuleStatements(lowering).kinds,
        }

    def read(self, statement: Statement) -> None:
        """Lower one statement."""
        what = _ROOT_ONLY.get(statement.part.kind)
        if what is not None and statement.module:
            self._refuse(statement, what)
            return
        self._read[statement.part.kind](statement)

    def finish(self) -> None:
        """Say what a policy without rules means: nothing is allowed, unless it says otherwise."""
        self._to.document.promises = tuple(self._promises)
        self._to.document.services = self._to.finite.services(0)
        if "grants" in self._to.value or "acls" in self._to.value:
            if self._default_allow is not None:
                message = "`default allow` has no place beside rules: what no rule allows is refused"
                self._to.found.append(REPEATED.at(self._default_allow, message, help="remove it, or the rules"))
        elif self._default_allow is None:
            self._to.section("grants" if self._to.dialect.has_key("grants") else "acls", [])

    def _refuse(self, statement: Statement, what: str) -> None:
        span = Span(statement.source, statement.part.start, statement.part.end)
        message = f"{what} cannot stand in a file of {module_name(self._to.modules, statement.module)}"
        help = "move it to a file of the root: it concerns the whole tailnet"
        self._to.found.append(ROOT_ONLY.at(span, message, help=help))

    def _group(self, statement: Statement) -> None:
        word = statement.part.parts[0]
        name = f"group:{bare_name('group', word.text)}"
        members = self._to.finite.members(name.removeprefix("group:")) or ()
        if ("groups", name) not in self._to.belongs:
            self._to.put("groups", name, self._to.items(("groups", name), members, statement), statement, word)

    def _tag(self, statement: Statement) -> None:
        word = statement.part.parts[0]
        name = f"tag:{bare_name('tag', word.text)}"
        path = ("tagOwners", name)
        owners = statement.part.first("selectors")
        value = [] if owners is None else self._to.selectors(path, owners, statement)
        self._to.put("tagOwners", name, value, statement, word)

    def _host(self, statement: Statement) -> None:
        word, address = statement.part.parts
        self._to.place(("hosts", word.text), address, statement)
        self._to.put("hosts", word.text, address.text, statement, word)

    def _ipset(self, statement: Statement) -> None:
        word, *steps = statement.part.parts
        name = f"ipset:{bare_name('ipset', word.text)}"
        words = {"plain_step": "", "add_step": "add ", "remove_step": "remove "}
        value = self._to.texts(("ipsets", name), steps, statement, lambda step: words[step.kind] + step.parts[0].text)
        self._to.put("ipsets", name, value, statement, word)

    def _posture(self, statement: Statement) -> None:
        word, *conditions = statement.part.parts
        name = f"posture:{bare_name('posture', word.text)}"
        value = self._to.texts(("postures", name), conditions, statement, lambda part: part.text)
        self._to.put("postures", name, value, statement, word)

    def _service(self, statement: Statement) -> None:
        """Look at the ports of a service even where nothing uses it, so that its faults are found."""
        word = statement.part.parts[0]
        if word.text.lower() in self._to.dialect.protocols or word.text in {"any", "*"}:
            span = Span(statement.source, word.start, word.end)
            self._to.found.append(REPEATED.at(span, f"{shown(word.text)} is the name of a protocol already"))
        self._to.finite.ports(statement.part.parts[1:], statement)

    def _default_posture(self, statement: Statement) -> None:
        path = ("defaultSrcPosture",)
        listed = self._to.section(path[0], [])
        listed += self._to.texts(path, statement.part.parts, statement, posture_name)
        self._to.belongs[path] = statement.module
        self._to.place(path, statement.part, statement)

    def _allow_by_default(self, statement: Statement) -> None:
        self._default_allow = Span(statement.source, statement.part.start, statement.part.end)

    def _option(self, statement: Statement) -> None:
        word, value = statement.part.parts
        path = (word.text,)
        if word.text in self._to.value:
            span = Span(statement.source, word.start, word.end)
            self._to.found.append(REPEATED.at(span, f"option {shown(word.text)} is given twice"))
            return
        self._to.value[word.text] = json_value(value)
        self._to.belongs[path] = statement.module
        self._to.place(path, statement.part, statement)
        self._to.document.place_key(path, Span(statement.source, word.start, word.end))

    def _raw(self, statement: Statement) -> None:
        """Pass an entry of a section through as JSON: lists grow by it, objects by their members."""
        word, value = statement.part.parts
        key = word.text
        given: Any = json_value(value)
        there = self._to.value.get(key)
        if isinstance(given, list) and isinstance(there, list | None):
            for item in given:
                path = self._to.next_path(key)
                self._to.place(path, statement.part, statement)
                self._to.belongs[path] = statement.module
                self._to.value[key].append(item)
            self._to.section(key, [])
        elif isinstance(given, dict) and isinstance(there, dict | None):
            self._to.section(key, {}).update(given)
            for name in given:
                self._to.place((key, name), statement.part, statement)
                self._to.belongs[key, name] = statement.module
        elif there is None:
            self._to.value[key] = given
            self._to.belongs[key,] = statement.module
        else:
            span = Span(statement.source, statement.part.start, statement.part.end)
            self._to.found.append(REPEATED.at(span, f"section {shown(key)} is something else already"))
        self._to.place((key,), statement.part, statement)

    def _promise(self, statement: Statement) -> None:
        word = statement.part.parts[0]
        if statement.module and word.text.startswith("assume"):
            self._refuse(statement, "an assumption")
            return
        services = self._to.finite.services(statement.module)
        self._promises.append(Promise(word.text.strip(), Span(statement.source, word.start, word.end), services))


def _nothing(_: Statement) -> None:
    """Stands for statements that were read before."""
