"""Compare `aclc fmt` with the reference formatter, github.com/tailscale/hujson, on generated texts.

    python -m tests.reference.compare_format --texts 20000 --seed 1     (or: make reference)

Needs Go, which fetches that module; says so and ends with exit code 0 where there is none. Formatted texts are compared
byte for byte, refusals word for word. Shows the shortest texts on which the two differ, and exits 1 where there is one.
`--digest` prints what `test_compare_format.py` holds aclc to where there is no Go.
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from aclc.source import Source
from aclc.syntax.hujson_format import format_hujson
from aclc.syntax.hujson_verdict import first_refusal, in_its_words
from tests.fuzz.fuzz_hujson import damaged
from tests.reference.hujson_texts import document

REFERENCE = Path(__file__).parent / "hujson"
SHOWN = 5


def main() -> int:
    """Compare, and tell."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--digest", action="store_true")
    chosen = options.parse_args()
    go = shutil.which("go")
    if go is None:
        sys.stdout.write("skipped: the reference formatter needs Go, and there is none on PATH\n")
        return 0
    texts = generated(chosen.texts, chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "hujson"
        built = subprocess.run(
            [go, "build", "-o", str(program), "."], cwd=REFERENCE, capture_output=True, text=True, check=False
        )
        if built.returncode != 0:
            sys.stdout.write(f"skipped: the reference formatter cannot be built here: {built.stderr.strip()}\n")
            return 0
        expected = reference(program, texts)
    if chosen.digest:
        sys.stdout.write(f"{digest(texts)} {digest(expected)}\n")
        return 0
    taken = sum(answer.startswith("ok ") for answer in expected)
    different = [
        (text, theirs, mine)
        for text, theirs in zip(texts, expected, strict=True)
        if theirs != (mine := answer_of_aclc(text))
    ]
    for text, theirs, mine in sorted(different, key=lambda each: len(each[0]))[:SHOWN]:
        sys.stdout.write(f"text      {text!r}\nreference {shown(theirs)}\naclc      {shown(mine)}\n\n")
    sys.stdout.write(
        f"{len(texts)} texts, seed {chosen.seed}: {taken} formatted, {len(texts) - taken} refused; "
        f"{len(different)} differ\n"
    )
    return 1 if different else 0


def generated(count: int, seed: int) -> list[str]:
    """Give so many texts, one in five of them spoilt."""
    random_ = random.Random(seed)
    texts = [document(random_) for _ in range(count)]
    return [damaged(random_, text) if random_.random() < 0.2 else text for text in texts]


def digest(texts: Sequence[str]) -> str:
    """Give the SHA-256 of texts."""
    return sha256("\0".join(texts).encode("utf-8", "surrogateescape")).hexdigest()


def reference(program: Path, texts: Sequence[str]) -> list[str]:
    """Give the reference formatter's answer to each text: `ok` and base64, or `error` and the words in base64."""
    lines = "".join(base64.b64encode(_bytes(text)).decode() + "\n" for text in texts)
    done = subprocess.run([str(program)], input=lines, capture_output=True, text=True, check=True)
    return [_in_unicode(answer) for answer in done.stdout.splitlines()]


def answer_of_aclc(text: str) -> str:
    """Give aclc's answer in the same form."""
    formatted = format_hujson(text)
    if formatted is not None:
        return "ok " + base64.b64encode(_bytes(formatted)).decode()
    refusal = first_refusal(text)
    assert refusal is not None, "a text without a form has a reason"
    words = "hujson: " + in_its_words(Source("text", text), refusal)
    return "error " + base64.b64encode(_bytes(words)).decode()


def shown(answer: str) -> str:
    """Give an answer for people."""
    kind, _, said = answer.partition(" ")
    return f"{kind} {base64.b64decode(said).decode('utf-8', 'surrogateescape')!r}"


def _in_unicode(answer: str) -> str:
    """Give a refusal as JSON would carry it: each byte that is not UTF-8 as U+FFFD."""
    kind, _, said = answer.partition(" ")
    if kind == "ok":
        return answer
    words = base64.b64decode(said).decode("utf-8", "surrogateescape")
    return "error " + base64.b64encode(re.sub("[\udc80-\udcff]", "\ufffd", words).encode()).decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


if __name__ == "__main__":
    sys.exit(main())
