"""The comments of a HuJSON policy, and which of them speak of a rule."""

from __future__ import annotations

import re
from bisect import bisect_left

from aclc.lint.rule import Context, shared
from aclc.policy.model import Policy
from aclc.source import Source, Span
from aclc.syntax.hujson_document import HujsonDocument

STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*(?s:.*?)\*/')

_KEY = re.compile(r'[ \t]*+(?:"[^"\n]*"\s*:\s*)?')
_LIMIT = re.compile(
    r"\b(?:only|den(?:y|ies|ied)|block(?:s|ed)?|restrict(?:s|ed)?(?: to)?|except|nothing else)\b", re.IGNORECASE
)


class Comments:
    """The comments of one policy, in file order; none where it is in aclc's own language.

    Cost: one pass over the text, when the first is asked for.
    """

    def __init__(self, policy: Policy) -> None:
        document = policy.document
        self._source: Source | None = document.source if isinstance(document, HujsonDocument) else None
        self._found: list[tuple[int, int]] | None = None

    def _all(self, source: Source) -> list[tuple[int, int]]:
        if self._found is None:
            found = STRING_OR_COMMENT.finditer(source.text) if "/" in source.text else ()
            self._found = [each.span() for each in found if source.text[each.start()] == "/"]
        return self._found

    def about(self, span: Span) -> tuple[Span, ...]:
        """Give the comments on the lines of a value, and those that stand alone right above it, no blank line between.

        Cost: a search, and the comments that are given.
        """
        source = self._source
        if source is None or span.source is not source:
            return ()
        text, found = source.text, self._all(source)
        first = text.rfind("\n", 0, span.start) + 1
        last = text.find("\n", span.end)
        last = len(text) if last < 0 else last
        at = bisect_left(found, (first, 0))
        inside = at
        while inside < len(found) and found[inside][0] < last:
            inside += 1
        top = first if _KEY.fullmatch(text, first, span.start) else -1
        while at > 0 and top > 0:
            start, end = found[at - 1]
            line = text.rfind("\n", 0, start) + 1
            if text[line:start].strip() or text[end:top].strip() or text.count("\n", end, top) > 1:
                break
            at, top = at - 1, line
        return tuple(Span(source, start, end) for start, end in found[at:inside])

    def limit(self, span: Span) -> tuple[Span, str] | None:
        """Give the first comment about a value that tells of a limit, and the word by which it does."""
        for comment in self.about(span):
            word = _LIMIT.search(comment.text)
            if word is not None:
                return comment, word.group().lower()
        return None


@shared
def comments_of(context: Context) -> Comments:
    """Give the comments of the policy's text."""
    return Comments(context.policy)
