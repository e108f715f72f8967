"""The names of a policy in the aclc language: what each means, and from which module it can be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Note, Severity, did_you_mean, shown
from aclc.net import parse_prefix, parse_range
from aclc.policy.language_files import Module, Statement
from aclc.records import NamedTuple
from aclc.source import Source, Span
from aclc.syntax.language_part import Part

UNKNOWN = Code("LNG002", "unknown-name", Severity.ERROR)
REPEATED = Code("LNG003", "name-defined-twice", Severity.ERROR)
AMBIGUOUS = Code("LNG006", "ambiguous-name", Severity.ERROR)
HIDDEN = Code("LNG015", "name-of-another-module", Severity.ERROR)
EXPORT = Code("LNG016", "nothing-to-export", Severity.ERROR)

AUTOGROUPS = frozenset(
    {"member", "tagged", "self", "internet", "shared", "admin", "owner", "it-admin", "network-admin", "billing-admin"}
    | {"auditor", "danger-all"}
)
KINDS = ("group", "tag", "host", "ipset", "posture", "service")
"""What a statement may define. A service is written out where it is used, so each module may have its own."""


class Defined(NamedTuple):
    """A name where it is defined. `name`: without its kind (`web`, not `tag:web`). `statement`: None in a file that is
    not in the language."""

    kind: str
    name: str
    module: int
    span: Span
    statement: Statement | None = None


class NameTable:
    """Every name that the files of a policy define."""

    def __init__(self, modules: Sequence[Module], found: list[Diagnostic]) -> None:
        self._modules = modules
        self._found = found
        self._defined: dict[str, dict[str, list[Defined]]] = {kind: {} for kind in KINDS}
        self._exported: dict[tuple[str, str], int] = {}

    def define(self, defined: Defined) -> bool:
        """Note a name; False where it is defined already, which is reported."""
        others = self._defined[defined.kind].setdefault(defined.name, [])
        for first in others:
            if (
                defined.kind != "service"
                or first.module in {*self._line(defined.module)}
                or self._is_above(defined, first)
            ):
                message = f"{defined.kind} {shown(defined.name)} is defined twice"
                self._found.append(REPEATED.at(defined.span, message, notes=(Note(first.span, "first defined here"),)))
                return False
        others.append(defined)
        return True

    def define_statement(self, statement: Statement) -> bool:
        """Note the name that a statement defines."""
        word = statement.part.parts[0]
        kind = statement.part.kind
        span = Span(statement.source, word.start, word.end)
        return self.define(Defined(kind, bare_name(kind, word.text), statement.module, span, statement))

    def export(self, statement: Statement) -> None:
        """Let other modules see the names that a statement lists."""
        for part in statement.part.parts:
            kind = part.kind.removeprefix("export_")
            name = bare_name(kind, part.parts[0].text)
            own = [each for each in self._defined[kind].get(name, ()) if each.module == statement.module]
            span = Span(statement.source, part.start, part.end)
            if statement.module == 0:
                help = "remove the line: what the root defines can be seen everywhere"
                self._found.append(EXPORT.at(span, "root of the policy exports nothing", help=help))
            elif not own:
                known = [each.name for each in self.all(kind) if each.module == statement.module]
                near = did_you_mean(name, known)
                help = f"did you mean `{near}`?" if near else "a module exports what its own files define"
                self._found.append(EXPORT.at(span, f"module defines no {kind} {shown(name)}", help=help))
            else:
                self._exported[kind, name] = statement.module

    def all(self, kind: str) -> Iterator[Defined]:
        """Give everything of a kind."""
        return (each for found in self._defined[kind].values() for each in found)

    def find(self, kind: str, name: str, module: int) -> Defined | None:
        """Give what a name means in a module: of several services the module's own, else one that it can see."""
        found = self._defined[kind].get(name, ())
        return next((each for each in found if self.sees(each, module)), found[0] if found else None)

    def sees(self, defined: Defined, module: int) -> bool:
        """Tell whether a module may use a name: its own, one of a module above it, or an exported one.

        A tag can be seen from above, too: the module there has said who owns it.
        """
        if defined.kind == "tag" and module in self._line(defined.module):
            return True
        return (
            defined.module in self._line(module) or self._exported.get((defined.kind, defined.name)) == defined.module
        )

    def must_see(self, defined: Defined, module: int, span: Span) -> bool:
        """Tell whether a module may use a name, and report where it may not."""
        if self.sees(defined, module):
            return True
        owner = self._modules[defined.module].name
        self._found.append(
            HIDDEN.at(
                span,
                f"{defined.kind} {shown(defined.name)} belongs to module {shown(owner)}, which does not export it",
                help=f"a file of module {owner} may say `export {defined.kind} {defined.name}`",
                notes=(Note(defined.span, "defined here"),),
            )
        )
        return False

    def selector(self, part: Part, source: Source) -> str | None:
        """Give one selector as HuJSON spells it; None where it means nothing, which is reported. What stands in quotes
        means itself."""
        word = part.parts[0]
        match part.kind:
            case "tag_selector":
                return f"tag:{bare_name('tag', word.text)}"
            case "group_selector":
                return f"group:{bare_name('group', word.text)}"
            case "host_selector":
                return word.text
            case _:
                return word.text if word.kind == "text" else self.meaning(word, source)

    def meaning(self, word: Part, source: Source) -> str | None:
        """Give what a bare name means as HuJSON spells it: everything, what it spells by itself, or the one thing that
        is defined so. None where it means nothing, which is reported."""
        name = word.text
        if name in {"any", "*"}:
            return "*"
        if ":" in name or "@" in name or parse_prefix(name) is not None or parse_range(name) is not None:
            return name
        meanings = [kind for kind in ("group", "host", "ipset") if name in self._defined[kind]]
        span = Span(source, word.start, word.end)
        # WHY an autogroup counts: else a group called `admin` would change what `admin` means in all other lines.
        kinds = [*meanings, *(["autogroup"] if meanings and name in AUTOGROUPS else [])]
        if len(kinds) > 1:
            help = "write " + " or ".join(
                f"`{kind}:{name}`" if kind in {"ipset", "autogroup"} else f"`{kind} {name}`" for kind in kinds
            )
            listed = " and of ".join(f"{'an' if kind in {'ipset', 'autogroup'} else 'a'} {kind}" for kind in kinds)
            message = f"{shown(name)} is the name of {listed}"
            self._found.append(AMBIGUOUS.at(span, message, help=help))
        if meanings:
            return name if meanings[0] == "host" else f"{meanings[0]}:{name}"
        if name in AUTOGROUPS:
            return f"autogroup:{name}"
        known = [each.name for kind in ("group", "host", "ipset") for each in self.all(kind)]
        near = did_you_mean(name, [*known, *sorted(AUTOGROUPS)])
        if name in self._defined["tag"]:
            help = f"tags are written with their kind: `tag {name}`"
        else:
            help = f"did you mean `{near}`?" if near else "define it, or write `tag NAME` for a tag"
        self._found.append(UNKNOWN.at(span, f"{shown(name)} is no group, host or ipset", help=help))
        return None

    def _line(self, module: int) -> Iterator[int]:
        """Give a module and those above it."""
        number: int | None = module
        while number is not None:
            yield number
            number = self._modules[number].parent

    def _is_above(self, one: Defined, other: Defined) -> bool:
        return one.module in set(self._line(other.module))


def bare_name(kind: str, text: str) -> str:
    """Give a name without its kind: `web` for `tag:web`."""
    return text.removeprefix(f"{kind}:")


def module_name(modules: Sequence[Module], number: int) -> str:
    """Give how messages call a module."""
    return f"module {shown(modules[number].name)}" if number else "the root of the policy"
