"""Read HuJSON text that may be wrong: report every error, and give as much of the value as is sound.

A person who forgot a comma wants to hear of the comma, and of everything else that is wrong, in one go. So the reader
guesses what was meant, from the tokens around the fault, and reads on. What it had to guess or drop is marked
(`HujsonDocument.broken`), so that nobody concludes anything from what is missing there. An error is reported where
its cause most likely is, which is often before the place where a strict parser gives up: an unclosed bracket at the
bracket, an unclosed string at its first quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclc.diagnostics import Diagnostic, Outcome, Severity, in_order
from aclc.source import Source
from aclc.syntax.hujson_document import Child, HujsonDocument, Layout
from aclc.syntax.hujson_faults import (
    BEYOND_LIMITS,
    BRACE_IN_COMMENT,
    MISSING_OUTER_BRACES,
    SYNTAX_ERROR,
    Faults,
    TooManyFaults,
    remark,
)
from aclc.syntax.hujson_read import DUPLICATE_KEY, duplicates
from aclc.syntax.hujson_tokens import Token, tokens_of
from aclc.syntax.hujson_values import VALUES, Node, Values
from aclc.syntax.hujson_verdict import first_refusal, in_its_words

_OURS = (DUPLICATE_KEY, BEYOND_LIMITS)


def recover(source: Source, aliases: Mapping[str, Sequence[str]]) -> Outcome[HujsonDocument]:
    """Give the document and all findings for any text. Cost: 2 to 4 MB/s."""
    faults = Faults(source)
    document = None
    try:
        scanned = tokens_of(source.text, faults)
        document = _Texts(scanned, faults).document(aliases)
    except TooManyFaults:
        faults.found.append(
            SYNTAX_ERROR.at(faults.found[-1].span, "file has too many errors to go on", severity=Severity.INFO)
        )
    else:
        remark(faults, [(each.start, each.end) for each in scanned.tokens if each.kind == "string"])
    return Outcome(document, in_order(_with_control(faults)))


def _with_control(faults: Faults) -> list[Diagnostic]:
    """Give the findings, with the control plane's words on the one that it would stop at."""
    source, found = faults.source, faults.found
    refusal = first_refusal(source.text)
    if refusal is None:
        return found
    words = in_its_words(source, refusal)
    errors = [
        each for each in range(len(found)) if found[each].severity is Severity.ERROR and found[each].code not in _OURS
    ]
    if not errors:  # INVARIANT: does not happen; but never call right what the control plane refuses
        at = min(refusal.offset, len(source.text))
        faults.add(SYNTAX_ERROR, at, at, "text is not HuJSON here")
        errors = [len(found) - 1]
    before = [each for each in errors if found[each].span.start <= refusal.offset]
    around = [each for each in before if refusal.offset <= found[each].span.end]
    if around or before:
        chosen = max(around or before, key=lambda each: (found[each].span.start, -each))
    else:
        chosen = min(errors, key=lambda each: found[each].span.start)
    found[chosen] = found[chosen]._replace(control=words)
    return found


class _Texts(Values):
    """Reads a whole text."""

    def document(self, aliases: Mapping[str, Sequence[str]]) -> HujsonDocument | None:
        """Read the whole text; None where there is no value at all."""
        node = self.root()
        if node is None:
            return None
        if not node.sound:
            self.lose()
        self.after_root(node)
        source = self.faults.source
        root = Child(None, node.start, node.end, node.start, node.end)
        layout = Layout(source.text, root, self.children)
        document = HujsonDocument(source, node.value, layout, aliases, tuple(self.broken))
        for found in duplicates(document):
            self.faults.found.append(found)
        return document

    def root(self) -> Node | None:
        """Read the outermost value."""
        while self.kind() in {"}", "]", ",", "conflict", "junk", "template"}:
            self.skip_at_root()
        token = self.peek()
        if token.kind == "string" and self.member_at():
            return self.without_braces(token)
        if token.kind in VALUES:
            return self.value()
        if token.kind == "end":
            if not self.broken:
                self.faults.add(SYNTAX_ERROR, 0, 0, "file holds no value", help="the smallest policy is `{}`")
        elif self.member_at():
            what = f"file begins with {self.written(token)}, not with `{{`"
            self.faults.add(MISSING_OUTER_BRACES, token.start, token.end, what, help="a policy is HuJSON, not YAML")
        else:
            what = f"{self.written(token)} does not begin a policy"
            self.faults.add(SYNTAX_ERROR, token.start, token.end, what, help="a policy begins with `{`")
        return None

    def skip_at_root(self) -> None:
        """Drop a token that stands before the outermost value."""
        self.lose()
        token = self.take()
        if token.kind in {"}", "]"}:
            self.stray(token, 0)
        elif token.kind == ",":
            self.extra_comma(token)

    def without_braces(self, first: Token) -> Node:
        """Read members that have no braces around them."""
        swallowed = self.in_comments("{", 0, first.start)
        name = self.written(first)
        opener = Token("{", first.start, first.start)
        index = len(self.faults.found)
        node = self.container(opener)
        if swallowed is not None:
            self.faults.add(
                BRACE_IN_COMMENT,
                swallowed,
                swallowed + 1,
                "this `{` is inside a comment and opens nothing",
                help="move it to a line of its own",
                note=(first.start, first.end, "so this member is in no object"),
            )
        else:
            inside = self.children[first.start]
            closed = self.text[node.end - 1] == "}" and not (inside and inside[-1].end == node.end)
            edits = [(first.start, first.start, "{\n")]
            if not closed:
                edits.append((node.end, node.end, "\n}"))
            self.faults.add(
                MISSING_OUTER_BRACES,
                first.start,
                first.end,
                f"file begins with the member {name}, not with `{{`",
                help="put `{` and `}` around the whole policy",
                fix=self.faults.fixes("put braces around the policy", edits),
            )
        self.faults.found.insert(index, self.faults.found.pop())
        return node

    def after_root(self, node: Node) -> None:
        """Report what stands behind the outermost value; read it all the same for the errors in it."""
        if self.kind() == "end":
            return
        token = self.peek()
        if token.kind == "," and self.kind(1) == "end":
            fix = self.faults.fix("remove the comma", token.start, token.end, "")
            self.faults.add(SYNTAX_ERROR, token.start, token.end, "comma after the end of the policy", fix=fix)
            return
        self.lose()
        if token.kind in {"}", "]"}:
            self.stray(token, node.start)
        elif token.kind != "conflict":
            self.faults.add(
                SYNTAX_ERROR,
                token.start,
                token.end,
                "text after the end of the policy",
                help="a bracket before it may be one too many",
                note=(node.end - 1, node.end, "the policy ends here"),
            )
        while self.kind() != "end":
            if self.kind() in {"}", "]", ",", ":", ";", "="}:
                self.take()
            elif self.member_at():
                self.container(Token("{", self.peek().start, self.peek().start))
            elif self.kind() in VALUES:
                self.value()
            else:
                self.take()
