"""The published JSON Schemas, ready to validate."""

from __future__ import annotations

import json
from importlib.resources import files

from jsonschema import Draft202012Validator


def schema(name: str) -> Draft202012Validator:
    """Give a schema of the package, which must itself be valid."""
    document = json.loads(files("aclc.reports").joinpath(name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


CHECK = schema("check.schema.json")
COMPILE = schema("compile.schema.json")
DIFF = schema("diff.schema.json")
GRAPH = schema("graph.schema.json")
REACH = schema("reach.schema.json")
WHY = schema("why.schema.json")
