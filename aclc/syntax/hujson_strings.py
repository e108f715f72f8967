"""What the content of a JSON string says, and what is odd or wrong in it."""

from __future__ import annotations

import json
import re

from aclc.diagnostics import Severity
from aclc.syntax.hujson_faults import INVALID_CHARACTER, SYNTAX_ERROR, Faults, shown

_HEX = "[0-9a-fA-F]"
_SUSPECT = re.compile(
    r"(?P<control>[\x00-\x1f])"
    r"|(?P<bytes>[\udc80-\udcff]+)"
    rf"|(?P<pair>\\u[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}})"
    rf"|(?P<half>\\u[dD][89a-fA-F]{_HEX}{{2}})"
    r"|(?P<nul>\\u0000)"
    rf'|(?P<good>\\(?:["\\/bfnrt]|u{_HEX}{{4}}))'
    rf"|(?P<bad>\\u{_HEX}*|\\.?)"
)
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPES = 'a backslash may stand before `"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t`, and `u` with four hex digits'


def decoded(text: str, start: int, end: int, faults: Faults) -> tuple[str | None, bool]:
    """Give what the content from `start` to `end` says, and whether that is beyond doubt; None where it is not.

    What Go's JSON replaces by U+FFFD, bytes that are not UTF-8 and halves of characters, is replaced here.
    """
    raw = text[start:end]
    sound = True
    for found in _SUSPECT.finditer(raw):
        at, after = start + found.start(), start + found.end()
        kind = found.lastgroup
        if kind == "control":
            _control(found[0], at, faults)
        elif kind == "bytes":
            what = "string holds bytes that are not UTF-8"
            hint = "the control plane reads each as U+FFFD; save the file as UTF-8"
            faults.add(INVALID_CHARACTER, at, after, what, help=hint, severity=Severity.WARNING)
        elif kind == "half":
            what = f"escape {shown(found[0])} is half a character"
            hint = "the control plane reads it as U+FFFD"
            faults.add(INVALID_CHARACTER, at, after, what, help=hint, severity=Severity.WARNING)
        elif kind == "nul":
            faults.add(INVALID_CHARACTER, at, after, "string holds a NUL character", severity=Severity.WARNING)
        elif kind == "bad":
            sound = False
            fix = faults.guess("write the backslash twice", at, at + 1, "\\\\")
            faults.add(SYNTAX_ERROR, at, after, f"{shown(found[0])} is no escape", help=_ESCAPES, fix=fix)
    if not sound:
        return None, False
    return _HALF.sub("\ufffd", json.loads(f'"{raw}"', strict=False)), True


def _control(character: str, at: int, faults: Faults) -> None:
    """Report a control character inside a string."""
    escape = json.dumps(character)[1:-1]
    name = "tab" if character == "\t" else f"control character U+{ord(character):04X}"
    fix = faults.fix(f"write `{escape}`", at, at + 1, escape)
    faults.add(INVALID_CHARACTER, at, at + 1, f"{name} inside a string", help=f"write it as `{escape}`", fix=fix)
