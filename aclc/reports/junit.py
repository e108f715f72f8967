"""JUnit XML, which CI systems show as test results: one suite per file, one failed case per finding."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from aclc.diagnostics import Diagnostic, Severity
from aclc.reports.safe_text import printable


def junit_report(diagnostics: Sequence[Diagnostic], files: Sequence[str]) -> str:
    """Give the document. A file without findings has one case, passed; errors and warnings fail, infos pass with their
    text."""
    suites = []
    for name in dict.fromkeys([*files, *(found.span.source.name for found in diagnostics)]):
        found = [each for each in diagnostics if each.span.source.name == name]
        failed = sum(each.severity is not Severity.INFO for each in found)
        cases = [_case(each) for each in found] or [f'<testcase name="aclc" classname={_attribute(name)}/>']
        suites.append(
            f'<testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failed}" errors="0">\n'
            + "".join(f"  {case}\n" for case in cases)
            + "</testsuite>\n"
        )
    total = sum(each.severity is not Severity.INFO for each in diagnostics)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="aclc" failures="{total}">\n'
    return f"{head}{''.join(suites)}</testsuites>\n"


def _case(found: Diagnostic) -> str:
    at = found.span.source.position(found.span.start)
    name = _attribute(f"{found.code.id} {found.code.slug} at {at.line}:{at.column}")
    head = f"<testcase name={name} classname={_attribute(found.span.source.name)}>"
    lines = [f"{found.span.source.name}:{at.line}:{at.column}: {found.message}"]
    lines += [f"help: {found.help}"] if found.help else []
    lines += [f"the control plane says: {found.control}"] if found.control else []
    body = escape("\n".join(_text(line) for line in lines))
    if found.severity is Severity.INFO:
        return f"{head}<system-out>{body}</system-out></testcase>"
    message = _attribute(found.message)
    return f"{head}<failure type={_attribute(found.severity.label)} message={message}>{body}</failure></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    """Give text that XML 1.0 can hold: control characters and lone surrogates as escapes."""
    return printable(text)
