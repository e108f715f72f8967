"""The published JSON Schema: made from the models, valid, and in agreement with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import aclc.tailnet
from aclc.net import Address
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Node, Tailnet
from aclc.tailnet.own import TailnetRecord
from aclc.tailnet.write import tailnet_json

SCHEMA = Path(aclc.tailnet.__file__).with_name("tailnet.schema.json")


def schema_text() -> str:
    """Give the schema as published: closed objects, so that an editor marks what the reader warns of."""
    schema = TailnetRecord.model_json_schema()
    for record in (schema, *schema["$defs"].values()):
        record["additionalProperties"] = False
        for field in record["properties"].values():
            field.pop("title", None)
    schema["properties"]["$schema"] = {"type": "string", "description": "For editors; not read."}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aclc tailnet file, schema 1",
    }
    return json.dumps({**head, **{key: value for key, value in schema.items() if key != "title"}}, indent=2) + "\n"


def test_the_published_schema_is_that_of_the_models(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-goldens"):
        SCHEMA.write_text(schema_text(), encoding="utf-8")
    assert schema_text() == SCHEMA.read_text(encoding="utf-8")


def published() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(published())


def test_the_schema_takes_what_the_writer_writes() -> None:
    tailnet = Tailnet("example.com", ("example.com",), (), (Node("a", (Address(4, 1),), tags=("tag:x",), created=0),))
    jsonschema.validate(json.loads(tailnet_json(tailnet)), published())


@pytest.mark.parametrize(
    ("text", "is_error"),
    [
        ('{"nodes":[{"name":"a","addresses":["100.64.0.1"],"tags":["tag:x"]}]}', False),
        ('{"nodes":[{"name":"a","addresses":["100.64.0.1"],"tags":["x"]}]}', True),
        ('{"nodes":[{"name":"a","addresses":[]}]}', True),
        ('{"nodes":[{"addresses":["100.64.0.1"]}]}', True),
        ('{"users":[{"login":"a@b","role":"boss"}]}', True),
        ('{"users":[{"login":"a@b","role":"auditor"}]}', False),
        ('{"schema_version":2,"nodes":[]}', True),
        ('{"nodes":[{"name":"a","addresses":["100.64.0.1"],"tags":["tag:x"],"online":"yes"}]}', True),
    ],
)
def test_schema_and_reader_agree(text: str, is_error: bool) -> None:
    valid = jsonschema.Draft202012Validator(published()).is_valid(json.loads(text))
    assert (not is_error, not is_error) == (valid, not load_tailnet(Source("t.json", text)).failed)
