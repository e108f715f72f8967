"""How text for people is drawn: colours, Unicode, width."""

from __future__ import annotations

from aclc.records import NamedTuple
from aclc.reports.safe_text import ascii_only, printable

BOLD, BLUE = "1", "1;34"
GREEN, RED, YELLOW = "32", "31", "33"


class Style(NamedTuple):
    """How text is drawn: with ANSI colours or without, in Unicode or ASCII, in how many columns."""

    color: bool = False
    unicode: bool = True
    width: int = 120

    def paint(self, text: str, codes: str) -> str:
        """Give the text in the ANSI style `codes`, or as it is where colour is off."""
        return f"\x1b[{codes}m{text}\x1b[0m" if self.color and text else text

    def shown(self, text: str) -> str:
        """Give text that the terminal can show as it is meant, and that cannot steer it."""
        return printable(text) if self.unicode else ascii_only(printable(text))

    @property
    def ellipsis(self) -> str:
        """What stands for left-out text."""
        return "…" if self.unicode else "..."
