"""Findings to report: ordinary ones, and ones whose every text tries to break out of the format."""

from __future__ import annotations

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity
from aclc.source import Source, Span

ONE = Code("REF002", "undefined-tag", Severity.ERROR)
TWO = Code("SEC001", "allow-all", Severity.WARNING)
THREE = Code("SYN013", "empty-section", Severity.INFO)

HOSTILE = (
    "]]></failure></testcase><script>alert(1)</script>",
    '" onload="x" a=\'b\' <!ENTITY x SYSTEM "file:///etc/passwd"> &x;',
    "\n::error file=x::owned\r\n::add-mask::x%0A::set-output name=a::b",
    "| cell | **bold** [link](http://evil.example) ![i](x) `code` <img src=x> @everyone #1 www.evil.example\n\n# head",
    "\x00\x01\x08\x1b[31m\x7f\u202e\u2028\ud800\udcff\ufffe\U0001f600",
    "%25 , : ; \\ ${{ github.token }}",
)


def ordinary() -> list[Diagnostic]:
    """Give one finding of each severity, with note, fix and the control plane's words."""
    source = Source("infra/policy.hujson", '{\n  // 😀\n  "acls": [], "x": ["tag:ä", "tag:b"]\n}\n')
    start = source.text.index('"tag:ä"')
    span = Span(source, start, start + 7)
    fix = Fix("write `tag:a`", (Edit(span, '"tag:a"'),), safe=True)
    empty = Span(source, source.text.index("[]"), source.text.index("[]") + 2)
    return [
        ONE.at(
            span,
            "tag `tag:ä` is not defined",
            help="declare it",
            notes=[Note(empty, "used here")],
            fix=fix,
            control='src=tag not found: "tag:ä"',
        ),
        TWO.at(Span(source, 0, len(source.text)), "everybody reaches everything"),
        THREE.at(empty, "empty `acls` allows nothing"),
    ]


def hostile() -> list[Diagnostic]:
    """Give findings with hostile text in every place that text can be in."""
    found = []
    for text in HOSTILE:
        # WHY: half a surrogate pair can come into a message by an escape, but not into a file or its name.
        written = text.replace("\ud800", "")
        source = Source(f"a{written}.hujson", f"{{{written}}}\n{written}")
        span = Span(source, 1, 1 + len(written))
        found += [
            code.at(
                span,
                f"message {text}",
                help=f"help {text}",
                notes=[Note(span, f"note {text}")],
                fix=Fix(f"fix {text}", (Edit(span, written),), safe=False),
                control=f"control {text}",
            )
            for code in (ONE, TWO, THREE)
        ]
    return found
