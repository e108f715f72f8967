"""HuJSON texts of every layout: comments in every place, blank lines, long lines, odd characters, nested empties."""

from __future__ import annotations

import random
from typing import NamedTuple

STRINGS = (
    *('""', '"a"', '"tag:x"', '"//"', '"/* \\" */"', '"é, ]"', '"\\u00e9\\n"', '","', '"\\ud83d\\ude00"', '"\\/"'),
    *('"😀"', '"日本語"', '"\\u2028"', '"\u2029"', '"\\u0000"', '"\\u007f"', '"\x7f"', '"\\ud800"', '"\\udc00x"'),
    *('"e\u0301"', '"\ufeff"', '"<&>"', '"\\u003c"', '"\xa0"', '"\\t\\b\\f\\r"', '"group:engineering"'),
    '"autogroup:member"',
)
OTHERS = ("1", "-2.5e+3", "0", "-0", "1E5", "1e400", "true", "false", "null", "12345678901234567890")
COMMENTS = (
    *(
        "//",
        "// c",
        "//\tc ",
        '// it\'s "quoted" { [',
        "//é😀",
        "// /* ",
        "////",
        "//x\xa0",
        "// a \x0b",
        "//\x85x",
        "//\x1cx",
        "//\x00",
    ),
    *("/**/", "/* c */", "/*c*/", "/* , ] */", "/*\n*/", "/* a\n b */", "/*\n * a\n * b\n */", "/*\n\ta\n\t\tb\n*/"),
    *("/***/", "/* é */", "/*\n\n x */", "/* a\r\n   b\r\n */", "/*\n  a\n b\n    c\n  */", "/*\n\t* a\n  * b */"),
    *(
        "/* x */ ",
        "/*// x*/",
        "/*\n*\n*/",
        "/*a\n\n\n\nb*/",
        "/* 😀\n  😀 */",
        "/*\n\t \ta\n\t b\n*/",
        "/*x\n\n*/",
        "/*\u2028\n\u2028*/",
    ),
    *("//a\rb", "/*\r x\r\r\ny\r*/", "/*\n\ra\n\r  b\r\n\r*/"),
)


class Manner(NamedTuple):
    """How a text is written: how often a comment stands in a gap, how often a gap has a line end, a blank line."""

    comments: float
    lines: float
    blank_lines: float
    line_end: str
    deep: int
    wide: int
    long: float


def document(random_: random.Random) -> str:
    """Give a text that is right HuJSON."""
    manner = Manner(
        comments=random_.choice((0, 0.02, 0.1, 0.3)),
        lines=random_.choice((0, 0.03, 0.2, 0.6)),
        blank_lines=random_.choice((0, 0.1, 0.4)),
        line_end="\r\n" if random_.random() < 0.1 else "\n",
        deep=random_.randrange(1, 6),
        wide=random_.choice((2, 4, 7)),
        long=random_.choice((0, 0, 0.1, 0.4)),
    )
    return gap(random_, manner) + value(random_, manner, 0) + gap(random_, manner)


def value(random_: random.Random, manner: Manner, depth: int) -> str:
    """Give a value without what is around it."""
    kind = random_.random()
    if depth >= manner.deep or kind < 0.35 * min(depth, 1):
        return scalar(random_, manner)
    count = random_.randrange(manner.wide + 1)
    if kind < 0.65:
        inside = [value(random_, manner, depth + 1) for _ in range(count)]
        opener, closer = "[]"
    else:
        inside = [
            string(random_, manner)
            + gap(random_, manner)
            + ":"
            + gap(random_, manner)
            + value(random_, manner, depth + 1)
            for _ in range(count)
        ]
        opener, closer = "{}"
    parts = [gap(random_, manner) + each + gap(random_, manner) for each in inside]
    comma = "," + gap(random_, manner) if parts and random_.random() < 0.4 else ""
    return opener + (",".join(parts) + comma or gap(random_, manner)) + closer


def scalar(random_: random.Random, manner: Manner) -> str:
    """Give a string, a number or a word."""
    return random_.choice(OTHERS) if random_.random() < 0.3 else string(random_, manner)


def string(random_: random.Random, manner: Manner) -> str:
    """Give a string, sometimes one of just such a length that a line becomes too long."""
    if random_.random() < manner.long:
        return '"' + "x" * random_.randrange(90) + random_.choice(("", "é", "😀", "\\n")) + '"'
    return random_.choice(STRINGS)


def gap(random_: random.Random, manner: Manner) -> str:
    """Give what stands between two tokens."""
    pieces = [blanks(random_, manner)]
    while random_.random() < manner.comments:
        comment = random_.choice(COMMENTS).replace("\n", manner.line_end)
        pieces.append(comment + (manner.line_end if comment.startswith("//") else ""))
        pieces.append(blanks(random_, manner))
    return "".join(pieces)


def blanks(random_: random.Random, manner: Manner) -> str:
    """Give blanks: none, spaces, a line end, several."""
    if random_.random() >= manner.lines:
        return random_.choice(("", "", " ", "  ", "\t"))
    ends = random_.randrange(2, 5) if random_.random() < manner.blank_lines else 1
    return random_.choice(("", " ", "\t")) + manner.line_end * ends + random_.choice(("", "  ", "\t\t", " \t"))
