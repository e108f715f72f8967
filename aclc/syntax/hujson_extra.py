"""What stands between two tokens of HuJSON: blanks and comments, taken apart and put together."""

from __future__ import annotations

import re

from aclc.records import NamedTuple

# What Go's unicode.IsSpace calls space; Python's `strip` knows four more.
_SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_COMMENT = re.compile(r"//[^\n]*+|/\*(?s:.*?)\*/")


class Comment(NamedTuple):
    """A comment and how many line ends stand between it and what is before it."""

    lines: int
    text: str


class Extra(NamedTuple):
    """Blanks and comments between two tokens; `lines`: how many line ends stand after the last comment."""

    comments: tuple[Comment, ...]
    lines: int

    @property
    def broken(self) -> bool:
        """Whether there is a line end anywhere."""
        return self.lines > 0 or any(each.lines or "\n" in each.text for each in self.comments)

    @property
    def tight(self) -> Extra:
        """The same without a blank line at the start."""
        if not self.comments:
            return self._replace(lines=min(self.lines, 1))
        return self.starting(min(self.comments[0].lines, 1))

    def starting(self, lines: int) -> Extra:
        """Give the same with so many line ends before the first comment."""
        return self._replace(comments=(self.comments[0]._replace(lines=lines), *self.comments[1:]))

    def ending(self, lines: int) -> Extra:
        """Give the same with so many line ends after the last comment."""
        return self._replace(lines=lines)

    def written(self, indent: str, last_indent: str) -> str:
        """Give the text, comments that begin a line indented; `last_indent` is for what follows."""
        pieces: list[str] = []
        for lines, text in self.comments:
            pieces.append(_gap(lines, indent))
            pieces.append(_indented(text, indent))
        pieces.append(_gap(self.lines, last_indent) if self.comments or self.lines else "")
        return "".join(pieces)


_NOTHING = Extra((), 0)


def extra_of(text: str) -> Extra:
    """Take blanks and comments apart."""
    if "/" not in text:
        return Extra((), text.count("\n")) if text else _NOTHING
    comments: list[Comment] = []
    at = 0
    for found in _COMMENT.finditer(text):
        comments.append(Comment(text.count("\n", at, found.start()), found[0]))
        at = found.end()
    return Extra(tuple(comments), text.count("\n", at))


def _gap(lines: int, indent: str) -> str:
    """Give a gap: a space, a line end or a blank line."""
    return "\n" * min(lines, 2) + indent if lines else " "


def _indented(text: str, indent: str) -> str:
    """Give a comment with its further lines indented; the indentation that they share is taken away first.

    A last line that only ends the comment goes below its start. Lines that all begin with a star keep a space before.
    """
    if "\r" in text:  # one before or after a line feed belongs to it, every other one becomes a space
        text = text.replace("\r\n", "\n").replace("\n\r", "\n").replace("\r", " ")
    head, *lines = [line.rstrip(_SPACE) for line in text.split("\n")]
    if lines and lines[-1].lstrip(" \t") == "*/":
        lines[-1] = ""
    shared = _shared([line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line])
    lines = [line[len(shared) :] for line in lines]
    if lines and not lines[-1]:
        lines[-1] = "*/"
    star = " " if all(line.startswith("*") for line in lines) else ""
    return "\n".join((head, *(indent + star + line if line else "" for line in lines)))


def _shared(texts: list[str]) -> str:
    """Give the longest text that all begin with; nothing of none."""
    low, high = min(texts, default=""), max(texts, default="")
    size = next((at for at in range(len(low)) if low[at] != high[at]), len(low))
    return low[:size]
