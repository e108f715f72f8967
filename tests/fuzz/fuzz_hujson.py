"""Throw wrong and right HuJSON at the readers and hold them to each other.

    python -m tests.fuzz.fuzz_hujson --seconds 60 --seed 1

Gives exit code 0 when all went well; else shows the first text that broke a law, and the law. The laws:

* no text makes a reader raise, and every span lies in the text;
* there is an error exactly where the control plane's parser refuses the text, and one error carries its words;
* the fast and the careful reader agree on value, findings and places;
* the text at a value's span reads as that value;
* formatting keeps the value, and formatting twice is formatting once.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time

from aclc.diagnostics import Outcome, Severity, in_order
from aclc.source import Path, Source
from aclc.syntax.hujson_faults import BEYOND_LIMITS, INVALID_CHARACTER
from aclc.syntax.hujson_format import format_hujson
from aclc.syntax.hujson_read import DUPLICATE_KEY, HujsonDocument, parse_hujson
from aclc.syntax.hujson_recover import recover
from aclc.syntax.hujson_verdict import first_refusal, in_its_words

PIECES = (
    *"{}[]:,{}[]:,\"'/\\#;=+-. \n\t\r$%<>\x00\x01\x7f\u00a0\ufeff\udcffé😀",
    *(
        '"a"',
        '"b":',
        '"tag:x"',
        "1",
        "-0.5e3",
        "true",
        "null",
        "nul",
        "//",
        "// c\n",
        "//\u2028",
        "\u2029",
        "/*",
        "*/",
        "/* { */",
        '\\"',
        '"\\u12',
    ),
    *(
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '{"a":',
        '["a",',
        "},",
        "],",
        "${x}",
        '"${x["y"]}"',
        "{{ v }}",
        "1e999",
        "01",
        "acls:",
    ),
    *("<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "“a”", "'a'", '"a\n', "\r\n", "http://x", '"http://x"', '"/*"'),
)


def pieces(random_: random.Random) -> str:
    """Give pieces of HuJSON in any order."""
    return "".join(random_.choice(PIECES) for _ in range(random_.randrange(16)))


def value(random_: random.Random, depth: int = 0) -> str:
    """Give right HuJSON with comments and trailing commas."""
    kind = random_.random()
    if depth > 4 or kind < 0.4:
        text = random_.choice(
            ('"a"', '"//"', '"/* \\" */"', '"é, ]"', "1", "-2.5e+3", "true", "null", '"\\u00e9\\n"', '","', '""')
        )
    elif kind < 0.7:
        items = [value(random_, depth + 1) for _ in range(random_.randrange(4))]
        text = "[" + ",".join(items) + ("," if items and random_.random() < 0.4 else "") + blank(random_) + "]"
    else:
        items = [
            f'{blank(random_)}"{random_.choice("abcd")}"{blank(random_)}:{value(random_, depth + 1)}'
            for _ in range(random_.randrange(4))
        ]
        text = "{" + ",".join(items) + ("," if items and random_.random() < 0.4 else "") + blank(random_) + "}"
    return blank(random_) + text + blank(random_)


def blank(random_: random.Random) -> str:
    """Give what may stand between tokens."""
    return random_.choice(
        ("", "", "", " ", "\n", "\t", "\r\n", '// it\'s "quoted" { [\n', "/* , ] */", "/**/", "//\n", "/*\u2028*/")
    )


def damaged(random_: random.Random, text: str) -> str:
    """Give the text with up to three faults."""
    for _ in range(random_.randrange(4)):
        at = random_.randrange(len(text) + 1)
        kind = random_.random()
        if kind < 0.4:
            text = text[:at] + text[at + 1 :]
        elif kind < 0.8:
            text = text[:at] + random_.choice(PIECES) + text[at:]
        elif kind < 0.9:
            text = text[:at]
        else:
            text = text[:at] + text[random_.randrange(len(text) + 1) :]
    return text


def text(random_: random.Random) -> str:
    """Give any text, most of it nearly right."""
    return pieces(random_) if random_.random() < 0.4 else damaged(random_, value(random_))


def check(text: str) -> None:
    """Hold the readers to the laws of this file for one text.

    Raises:
        AssertionError: a law is broken; its message is the law.
    """
    source = Source("fuzz", text)
    careful, outcome = recover(source, {}), parse_hujson(source)
    refusal = first_refusal(text)
    for found in outcome.diagnostics:
        edits = found.fix.edits if found.fix else ()
        spans = [found.span, *(note.span for note in found.notes), *(edit.span for edit in edits)]
        assert all(0 <= span.start <= span.end <= len(text) for span in spans), "spans lie in the text"
        said = f"{found.message}{found.help}"
        assert said.isprintable(), "messages can be printed"
    assert outcome.diagnostics == in_order(outcome.diagnostics), "findings are in order"
    mine = (DUPLICATE_KEY, BEYOND_LIMITS)
    errors = [each for each in outcome.diagnostics if each.severity is Severity.ERROR and each.code not in mine]
    controls = [each.control for each in outcome.diagnostics if each.control]
    if refusal is None:
        assert not errors, f"no error where the control plane has none: {errors}"
        assert not controls, "no words of the control plane where it has none"
    else:
        assert errors, "an error where the control plane has one"
        assert controls == [in_its_words(source, refusal)], "one error has the words of the control plane"
    agree(outcome, careful)
    formats(text, outcome)
    if outcome.value is not None and not any(
        each.code in {INVALID_CHARACTER, DUPLICATE_KEY} for each in outcome.diagnostics
    ):
        places(outcome.value, outcome.value.value, ())


def agree(outcome: Outcome[HujsonDocument], careful: Outcome[HujsonDocument]) -> None:
    """Hold the outcome of the fast reader to that of the careful one."""
    assert outcome.diagnostics == careful.diagnostics, "fast and careful reader have the same findings"
    if outcome.value is None or careful.value is None:
        assert outcome.value is careful.value, "fast and careful reader both give a value"
        return
    assert repr(outcome.value.value) == repr(careful.value.value), "fast and careful reader give the same value"
    assert outcome.value.broken == careful.value.broken, "fast and careful reader lose the same"


def formats(text: str, outcome: Outcome[HujsonDocument]) -> None:
    """Hold the formatter to what the readers say of the text."""
    if any(each.code is BEYOND_LIMITS for each in outcome.diagnostics):
        return
    formatted = format_hujson(text)
    if outcome.value is None or first_refusal(text) is not None:
        assert formatted is None, "text that is refused has no form"
        return
    assert formatted is not None, "text that is right has a form"
    again = parse_hujson(Source("fuzz", formatted)).value
    assert again is not None, "formatted text is right"
    assert repr(again.value) == repr(outcome.value.value), "formatting keeps the value"
    assert format_hujson(formatted) == formatted, "formatting twice is formatting once"


def places(document: HujsonDocument, part: object, path: Path) -> None:
    """Hold the place of each part of a value to the text."""
    assert document.has(path), f"{path} is found"
    if isinstance(part, dict):
        for key, each in part.items():
            places(document, each, (*path, key))
    elif isinstance(part, list):
        for index, each in enumerate(part):
            places(document, each, (*path, index))
    elif not document.broken and first_refusal(document.source.text) is None:
        span = document.span(path)
        assert repr(json.loads(span.text)) == repr(part), f"the text at {path} reads as the value"
        if isinstance(part, str):
            whole = document.string_span(path, 0, len(part))
            assert (whole.start, whole.end) == (span.start + 1, span.end - 1), (
                "the whole of a string is all but its quotes"
            )


def main() -> int:
    """Run until the time is over."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    random_ = random.Random(chosen.seed)
    end = time.monotonic() + chosen.seconds
    tried = 0
    while time.monotonic() < end:
        tried_text = text(random_)
        try:
            check(tried_text)
        except Exception:
            sys.stderr.write(f"seed {chosen.seed}, text {tried}: {tried_text!r}\n")
            raise
        tried += 1
    sys.stdout.write(f"{tried} texts, all laws hold\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
