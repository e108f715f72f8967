"""Read HuJSON text that is not plainly right: name what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aclc.diagnostics import Code, Outcome, Severity
from aclc.source import Source, Span
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_plain import plain_json

SYNTAX_ERROR = Code("SYN001", "syntax-error", Severity.ERROR)


def recover(source: Source, aliases: Mapping[str, Sequence[str]]) -> Outcome[HujsonDocument]:
    """Give the errors of a text; the first only, for now."""
    del aliases
    at, message = 0, "comment has no end"
    plain = plain_json(source.text)
    if plain is not None:
        try:
            json.loads(plain)
            message = "text is beyond the limits of a policy"
        except json.JSONDecodeError as error:
            at, message = error.pos, error.msg.lower()
    return Outcome(None, (SYNTAX_ERROR.at(Span(source, at, at), message),))
