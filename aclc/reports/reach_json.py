"""Who reaches what, for machines: one JSON document, schema_version 1, written row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from aclc.reach.graph.elsewhere import speaks_of_elsewhere
from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.questions.answers import BlastAnswer, ListAnswer, MatrixAnswer
from aclc.reach.questions.selector_matrix import Cell, Row
from aclc.reach.words.naming import Named
from aclc.reach.words.rule_naming import NamedAccess
from aclc.reports.rule_places import rule_places

SCHEMA_VERSION = 1


def list_json(answer: ListAnswer) -> Iterator[str]:
    """Give the document of a list."""
    exact = not answer.setting.everywhere
    head = {
        **_head(answer),
        "from": list(answer.sources),
        "to": list(answer.targets),
        "on": services_json(answer.services) if answer.services else None,
    }
    yield from _document(head, "rows", (access_json(answer.view, row, exact=exact) for row in answer.rows))


def matrix_json(answer: MatrixAnswer) -> Iterator[str]:
    """Give the document of a matrix; cells that are empty are left out."""
    head = {**_head(answer), "columns": list(answer.columns)}
    yield from _document(head, "rows", (_row(row, answer.columns) for row in answer.rows))


def blast_json(answer: BlastAnswer) -> Iterator[str]:
    """Give the document of a blast radius."""
    exact = not answer.setting.everywhere
    head = {
        **_head(answer),
        "principal": answer.name,
        "reached": named_json(answer.reached, exact=exact),
        "direct": [access_json(answer.view, row, exact=exact) for row in answer.direct],
        "takeovers": [
            {"what": named_json(way.what, exact=exact), "level": way.level, "steps": list(way.steps)}
            for way in answer.takeovers
        ],
        "total": named_json(answer.total, exact=exact) if exact else None,
    }
    yield from _document(head, "beyond", (access_json(answer.view, row, exact=exact) for row in answer.beyond))


def _head(answer: ListAnswer | MatrixAnswer | BlastAnswer) -> dict[str, Any]:
    setting = answer.setting
    return {
        "schema_version": SCHEMA_VERSION,
        "tailnet": None if setting.everywhere else setting.tailnet.name,
        "doubts": list(setting.doubts),
    }


def _document(head: dict[str, Any], key: str, items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give an object with `head` and a list that is never held as a whole."""
    yield json.dumps(head, indent=1)[:-2] + f',\n "{key}": ['
    comma = "\n"
    for item in items:
        yield f"{comma}  {json.dumps(item)}"
        comma = ",\n"
    yield ("]" if comma == "\n" else "\n ]") + "\n}\n"


def access_json(view: View, row: NamedAccess, *, exact: bool) -> dict[str, Any]:
    """Give one row of access."""
    return {
        "who": named_json(row.who, exact=exact),
        "what": named_json(row.what, exact=exact),
        "services": services_json(row.access.services),
        "own_devices_only": row.access.own,
        "decided_elsewhere": speaks_of_elsewhere(view, row.access.targets, (*row.what.selectors, *row.what.rest)),
        "because": rule_places(view, row.access.grants),
    }


def named_json(named: Named, *, exact: bool) -> dict[str, Any]:
    """Give a set in words; the counts are null where they mean nothing."""
    return {
        "selectors": list(named.selectors),
        "rest": list(named.rest),
        "nodes": named.nodes if exact else None,
        "ranges": named.ranges if exact else None,
    }


def services_json(services: Services) -> list[dict[str, int]]:
    """Give services as objects."""
    return [{"protocol": protocol, "first": first, "last": last} for protocol, first, last in services]


def _row(row: Row, columns: tuple[str, ...]) -> dict[str, Any]:
    cells = {name: _cell(cell) for name, cell in zip(columns, row.cells, strict=True) if cell}
    return {"who": row.name, "is_empty": row.is_empty, "cells": cells}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "every": services_json(cell.every),
        "some": services_json(cell.some),
        "own_devices": services_json(cell.own),
    }
