"""One policy, written in many ways: blanks, comments, trailing commas, case of keys, order of members."""

from __future__ import annotations

import json
import random
from typing import Any

Json = Any

FIELDS = frozenset(
    {
        "acls", "grants", "groups", "hosts", "tagOwners", "autoApprovers", "ssh", "nodeAttrs", "postures", "ipsets",
        "defaultSrcPosture", "routes", "exitNode", "action", "src", "dst", "ip", "app", "via", "proto", "srcPosture",
        "users", "target", "attr",
    }
)  # fmt: skip
"""Keys of the language itself, whose case does not matter; every other key is a name."""

BLANKS = (
    "",
    "",
    " ",
    "\n",
    "\t",
    "\r\n",
    '// a remark: {"acls": []}, it\'s [here]\n',
    "/* one */",
    "/* two\n ** lines // */ ",
    "// ünïcödé 🎉\n",
)


def shuffled(value: Json, seed: int) -> Json:
    """Give a policy whose objects have their members in another order."""
    chooser = random.Random(seed)

    def shuffle(part: Json) -> Json:
        if isinstance(part, list):
            return [shuffle(each) for each in part]
        if isinstance(part, dict):
            items = list(part.items())
            chooser.shuffle(items)
            return {key: shuffle(each) for key, each in items}
        return part

    return shuffle(value)


def hujson(value: Json, seed: int) -> str:
    """Give HuJSON text of the same value, with blanks, comments, trailing commas, escapes and keys in any case."""
    chooser = random.Random(seed)

    def blank() -> str:
        return "".join(chooser.choices(BLANKS, k=chooser.randrange(3)))

    def string(text: str) -> str:
        written = json.dumps(text, ensure_ascii=chooser.random() < 0.5)
        if text and chooser.random() < 0.1:
            written = f'"\\u{ord(text[0]):04x}{json.dumps(text[1:])[1:]}' if ord(text[0]) < 0x10000 else written
        return written

    def key(name: str) -> str:
        if name in FIELDS and chooser.random() < 0.3:
            return chooser.choice([name.upper(), name.lower(), name[:1].upper() + name[1:]])
        return name

    def items(written: list[str], opening: str, closing: str) -> str:
        comma = "," if written and chooser.random() < 0.5 else ""
        body = ",".join(f"{blank()}{each}{blank()}" for each in written)
        return f"{opening}{body}{comma}{blank()}{closing}"

    def write(part: Json) -> str:
        if isinstance(part, list):
            return items([write(each) for each in part], "[", "]")
        if isinstance(part, dict):
            return items(
                [f"{string(key(name))}{blank()}:{blank()}{write(each)}" for name, each in part.items()], "{", "}"
            )
        return string(part) if isinstance(part, str) else json.dumps(part)

    return f"{blank()}{write(value)}{blank()}"
