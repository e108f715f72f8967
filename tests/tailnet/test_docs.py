"""`docs/tailnet-file.md` tells of every field and every code, and its examples load."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import aclc.tailnet
from aclc.diagnostics import Code
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.own import NodeRecord, TailnetRecord, UserRecord

PAGE = (Path(__file__).parents[2] / "docs" / "tailnet-file.md").read_text(encoding="utf-8")


def test_the_page_tells_of_every_field() -> None:
    fields = list(TailnetRecord.model_fields)
    fields += [f"users[].{field}" for field in UserRecord.model_fields]
    fields += [f"nodes[].{field}" for field in NodeRecord.model_fields]
    assert sorted(fields) == sorted(re.findall(r"^\| `([a-z_.\[\]]+)` \|", PAGE, re.MULTILINE))


def test_the_page_tells_of_every_code() -> None:
    codes: set[Code] = set()
    for module in pkgutil.iter_modules(aclc.tailnet.__path__, "aclc.tailnet."):
        codes |= {value for value in vars(importlib.import_module(module.name)).values() if isinstance(value, Code)}
    assert sorted((code.id, code.slug, code.severity.label) for code in codes) == re.findall(
        r"^\| (TLN\d+) \| ([a-z-]+) \| (\w+) \|", PAGE, re.MULTILINE
    )


def test_the_examples_load() -> None:
    examples = re.findall(r"^```(?:json|yaml)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert 2 == len(examples)
    for example in examples:
        outcome = load_tailnet(Source("example", example))
        assert outcome.value is not None
        assert {"tailnet-unknown-user"} >= {found.code.slug for found in outcome.diagnostics}
        assert ["beedrill"] == [node.name for node in outcome.value.nodes]
