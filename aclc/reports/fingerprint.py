"""A name for a finding that stays the same when lines move: for baselines, SARIF and code-quality reports."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from aclc.diagnostics import Diagnostic


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Give one fingerprint per finding, in the same order: 32 hexadecimal digits of what is said about which text.

    Made from file, code, message and the text it points at, blanks aside; of findings that are equal in all that, the
    second and later ones are told apart by their number.
    """
    seen: dict[str, int] = {}
    found: list[str] = []
    for each in diagnostics:
        parts = (each.span.source.name, each.code.id, each.message, "".join(each.span.text.split())[:200])
        base = "\0".join(parts)
        number = seen[base] = seen.get(base, 0) + 1
        text = base if number == 1 else f"{base}\0{number}"
        found.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found
