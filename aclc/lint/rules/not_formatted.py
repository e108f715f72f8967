"""The file is not formatted as the control plane formats it.

## Why is this bad?
What the control plane stores and gives back differs from the file, so that comparisons show changes where there are
none, and an ETag worked out from the file does not match.

## Example
```hujson bad
{"groups": { },
"grants": [ ]}
```
```hujson good
{"groups": {}, "grants": []}
```

## Source
tailscale/terraform-provider-tailscale issue 798. Only in the strict profile; `aclc fmt` formats the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Span
from aclc.syntax.hujson_document import HujsonDocument

CODE = Code("SYN010", "not-formatted", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give one finding at the first character that formatting would change."""
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return
    # WHY not at the head: the formatter is large, and this rule runs only in the strict profile.
    from aclc.syntax.hujson_format import format_hujson

    text = document.source.text
    formatted = format_hujson(text)
    if formatted is None or formatted == text:
        return
    common = next((at for at, (a, b) in enumerate(zip(text, formatted, strict=False)) if a != b), None)
    at = min(len(text), len(formatted)) if common is None else common
    yield CODE.at(
        Span(document.source, at, at), "from here on the file is not formatted as usual", help="run `aclc fmt -w` on it"
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
