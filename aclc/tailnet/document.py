"""The text of a tailnet file as a value and a document: JSON and HuJSON by one reader, YAML by the other."""

from __future__ import annotations

from typing import Any, Protocol

from aclc.diagnostics import Outcome
from aclc.source import Document, Source
from aclc.syntax.hujson_read import parse_hujson


class ValuedDocument(Document, Protocol):
    """A document that also has its value, as plain data."""

    source: Source
    value: Any


def parse_document(source: Source) -> Outcome[ValuedDocument]:
    """Give the document of a JSON, HuJSON or YAML text; no value where it is not well-formed.

    What begins with a bracket, a brace or a comment of HuJSON is read as HuJSON, all else as YAML. A file named `.yaml`
    or `.yml` that is no HuJSON is tried as YAML too, since YAML has brackets and braces of its own.
    """
    if source.text.lstrip(" \t\r\n\ufeff").startswith(("{", "[", "//", "/*")):
        read = parse_hujson(source)
        if not read.failed:
            return Outcome(read.value, read.diagnostics)
        if not source.name.endswith((".yaml", ".yml")):
            return Outcome(None, read.diagnostics)
    # WHY not at the head: only files in YAML pay for it.
    from aclc.tailnet.yaml_document import parse_yaml

    yaml_read = parse_yaml(source)
    return Outcome(yaml_read.value, yaml_read.diagnostics)
