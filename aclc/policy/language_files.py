"""The files of a policy in the aclc language: what is included, and which module each file belongs to."""

from __future__ import annotations

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.records import NamedTuple
from aclc.source import LANGUAGE_SUFFIX, Source, Span, has_suffix
from aclc.syntax.language import parse_language
from aclc.syntax.language_part import Part

INCLUDE = Code("LNG011", "bad-include", Severity.ERROR)
MODULE_TWICE = Code("LNG012", "module-declared-twice", Severity.ERROR)

MOST_FILES = 1000
"""Files of one policy."""
MOST_TEXT = 32 * 1024 * 1024
"""Characters of all files of one policy together."""
DEEPEST = 32
"""Files that include files that include files."""

SUFFIXES = (LANGUAGE_SUFFIX, ".hujson", ".json")


class Module(NamedTuple):
    """Files with an owner. `number`: its place in the list of modules; 0 is the root, which owns everything.

    `name`: empty for the root. `parent`: the number of the module that declares it. `declared`: the statement that
    does, None for the root. `owns`: what may be granted access to, as that statement writes it, in `source`.
    """

    number: int
    name: str
    parent: int | None
    source: Source
    declared: Span | None = None
    owns: tuple[Part, ...] = ()


class Statement(NamedTuple):
    """One statement, where it was written, and the number of the module that it belongs to."""

    part: Part
    source: Source
    module: int


class Gathered(NamedTuple):
    """All files of a policy: those in the language as statements, others (`foreign`) as texts with their module.

    `included`: the name of each file but the first, and where it is included first.
    """

    statements: tuple[Statement, ...]
    foreign: tuple[tuple[Source, int], ...]
    modules: tuple[Module, ...]
    sources: tuple[Source, ...]
    included: tuple[tuple[str, Span], ...]
    diagnostics: tuple[Diagnostic, ...]


def gather(source: Source) -> Gathered:
    """Read a text and every file that it includes, each once: a file before those that it includes, in the order in
    which it names them."""
    gathering = _Gathering(source)
    gathering.read(source, 0, ())
    return Gathered(
        tuple(gathering.statements),
        tuple(gathering.foreign),
        tuple(gathering.modules),
        tuple(gathering.sources),
        gathering.included(),
        tuple(gathering.found),
    )


class _Gathering:
    """Follows includes."""

    def __init__(self, root: Source) -> None:
        self.statements: list[Statement] = []
        self.foreign: list[tuple[Source, int]] = []
        self.modules = [Module(0, "", None, root)]
        self.sources: list[Source] = []
        self.found: list[Diagnostic] = []
        self._size = 0
        self._seen: dict[str, tuple[int, Span | None]] = {}
        self._by_name: dict[str, Module] = {}

    def read(self, source: Source, module: int, above: tuple[str, ...]) -> None:
        """Read a text that belongs to a module. `above`: the names of the files that led to it."""
        self.sources.append(source)
        self._size += len(source.text)
        self._seen.setdefault(source.name, (module, None))
        if above and not source.is_language:
            self.foreign.append((source, module))
            return
        parsed = parse_language(source)
        self.found += parsed.diagnostics
        statements = parsed.value or ()
        includes = []
        for part in statements:
            if part.kind == "include":
                includes.append((part.parts, module))
            elif part.kind == "module":
                declared = self._declare(part, source, module)
                if declared is not None:
                    includes.append((part.parts[1].parts, declared.number))
            else:
                self.statements.append(Statement(part, source, module))
        for names, owner in includes:
            for name in names:
                self._include(name, source, owner, (*above, source.name))

    def included(self) -> tuple[tuple[str, Span], ...]:
        """Give where each file is included first."""
        return tuple((name, where) for name, (_, where) in self._seen.items() if where is not None)

    def _declare(self, part: Part, source: Source, parent: int) -> Module | None:
        """Note a module; None where one of that name is there already."""
        word = part.parts[0]
        first = self._by_name.get(word.text)
        if first is not None and first.declared is not None:
            note = Note(first.declared, "first declared here")
            self.found.append(
                MODULE_TWICE.at(_span(source, word), f"module {shown(word.text)} is declared twice", notes=(note,))
            )
            return None
        owns = part.first("owns")
        span = Span(source, part.start, part.end)
        module = Module(len(self.modules), word.text, parent, source, span, owns.parts if owns else ())
        self.modules.append(module)
        self._by_name[word.text] = module
        return module

    def _include(self, word: Part, source: Source, module: int, above: tuple[str, ...]) -> None:
        span = _span(source, word)
        if source.files is None:
            self._refuse(span, "files cannot be included here: there is no folder around this text")
            return
        if len(above) > DEEPEST:
            self._refuse(span, f"files include files more than {DEEPEST} deep")
            return
        names = source.files.matching(word.text, source)
        if isinstance(names, str):
            self._refuse(span, f"{shown(word.text)} {names}")
            return
        is_pattern = len(names) > 1 or "*" in word.text
        for name in names:
            if is_pattern and name == source.name:
                continue
            if not self._one(name, span, source, module, above):
                return

    def _one(self, name: str, span: Span, source: Source, module: int, above: tuple[str, ...]) -> bool:
        """Include one file; False where so many are there that no more are looked at."""
        if name in above:
            self._refuse(span, f"{shown(name)} includes itself", help=f"by way of {' → '.join((*above, name))}")
            return True
        if name in self._seen:
            owner, where = self._seen[name]
            if owner != module:
                notes = () if where is None else (Note(where, "it is included here"),)
                self._refuse(span, f"{shown(name)} belongs to two modules", notes=notes)
            return True
        if not any(has_suffix(name, suffix) for suffix in SUFFIXES):
            self._refuse(span, f"{shown(name)} is no policy by its name", help=f"policies end in {', '.join(SUFFIXES)}")
            return True
        if len(self.sources) >= MOST_FILES:
            self._refuse(span, f"policy has more than {MOST_FILES} files")
            return False
        text = source.files.read(name) if source.files is not None else "cannot be read"
        if isinstance(text, str):
            self._refuse(span, f"{shown(name)} {text}")
            return True
        if self._size + len(text.text) > MOST_TEXT:
            self._refuse(span, f"files of the policy are larger than {MOST_TEXT // 1024 // 1024} MB together")
            return False
        self._seen[name] = (module, span)
        self.read(text, module, above)
        return True

    def _refuse(self, span: Span, message: str, *, help: str | None = None, notes: tuple[Note, ...] = ()) -> None:
        self.found.append(INCLUDE.at(span, message, help=help, notes=notes))


def _span(source: Source, part: Part) -> Span:
    return Span(source, part.start, part.end)
