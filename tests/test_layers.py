"""Imports go one way. A module imports from its own layer or a lower one, wherever in the file the import stands."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus import REPOSITORY

LAYERS = (
    "aclc.records",
    "aclc.source",
    "aclc.diagnostics",
    "aclc.net",
    "aclc.syntax",
    "aclc.dialects",
    "aclc.policy",
    "aclc.tailnet",
    "aclc.resolve",
    "aclc.filters",
    "aclc.reach.graph",
    "aclc.reach.powers",
    "aclc.reach.population",
    "aclc.reach.words",
    "aclc.reach.questions",
    "aclc.reach.pictures",
    "aclc.reach.properties",
    "aclc.reach.difference",
    "aclc.reach.prove",
    "aclc.reach",
    "aclc.policy_tests",
    "aclc.lint",
    "aclc.backends",
    "aclc.reports",
    "aclc.baseline",
    "aclc.compile",
    "aclc.check",
    "aclc.fix",
    "aclc.convert",
    "aclc.transfer",
    "aclc.config",
    "aclc.cli",
    "aclc.__main__",
)
"""Low to high; `docs/architecture.md` says what each is for."""

APART = ("aclc.lint.rules.", "aclc.backends.")
"""Siblings below these never import each other …"""

SHARED = ("aclc.backends.backend", "aclc.backends.registry")
"""… except these, which are no siblings."""

HOMES = {
    "click": ("aclc.cli",),
    "hypothesis": (),
    "ipaddress": (),
    "jinja2": ("aclc.backends", "aclc.reports"),
    "lark": ("aclc.syntax",),
    "networkx": ("aclc.reach",),
    "pydantic": ("aclc.tailnet", "aclc.config"),
    "pydantic_core": ("aclc.tailnet", "aclc.config"),
    "yaml": ("aclc.tailnet",),
}
"""Where a library may be imported. One that is neither here nor in the standard library may be imported nowhere."""


def layer(module: str) -> int | None:
    """Give the number of a module's layer, or None for one that has none. `aclc` itself is below all."""
    if module == "aclc":
        return -1
    return next((number for number, name in enumerate(LAYERS) if inside(module, name)), None)


def inside(module: str, package: str) -> bool:
    """Tell whether a module is a package or lies in it."""
    return module == package or module.startswith(package + ".")


def imports(text: str) -> Iterator[str]:
    """Give every module that a text imports, anywhere: `from a import b` gives `a.b`; leading dots where relative."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def faults(module: str, text: str) -> list[str]:
    """Give what is wrong with the imports of a module."""
    own = layer(module)
    if own is None:
        return [f"{module} has no layer"]
    return [fault for target in imports(text) if (fault := _fault(module, own, target))]


def _fault(module: str, own: int, target: str) -> str | None:
    top = target.partition(".")[0]
    if top == "aclc":
        below = layer(target)
        # WHY `aclc.__version__`: a name of the package itself, not a module.
        below = -1 if below is None and target.count(".") == 1 else below
        if below is None or below > own:
            return f"{module} imports upwards: {target}"
        for package in APART:
            if module.startswith(package) and target.startswith(package):
                other = ".".join(target.split(".")[: package.count(".") + 1])
                if not inside(module, other) and other not in SHARED and module not in SHARED:
                    return f"{module} imports its sibling {other}"
        return None
    if not top:
        return f"{module} imports relatively: {target}"
    if target == "typing.TYPE_CHECKING":
        return f"{module} hides an import behind TYPE_CHECKING"
    if top in HOMES:
        at_home = any(inside(module, home) for home in HOMES[top])
        return None if at_home else f"{module} may not import {top}"
    return None if top in sys.stdlib_module_names else f"{module} imports {top}, which has no home"


def modules() -> list[tuple[str, Path]]:
    """Give every module of aclc by name."""
    found = []
    for path in sorted((REPOSITORY / "aclc").rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


@pytest.mark.parametrize(("module", "path"), modules(), ids=[module for module, _ in modules()])
def test_imports_go_downwards(module: str, path: Path) -> None:
    assert faults(module, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("aclc.helpers", "", "aclc.helpers has no layer"),
        ("aclc.net", "import aclc.policy.model", "aclc.net imports upwards: aclc.policy.model"),
        ("aclc.net", "def f():\n    from aclc.cli import main", "aclc.net imports upwards: aclc.cli.main"),
        ("aclc.net", "from aclc import cli", "aclc.net imports upwards: aclc.cli"),
        (
            "aclc.policy.model",
            "from aclc.policy_tests import run",
            "aclc.policy.model imports upwards: aclc.policy_tests.run",
        ),
        ("aclc.policy.model", "from . import selectors", "aclc.policy.model imports relatively: ..selectors"),
        ("aclc.policy.model", "import ipaddress", "aclc.policy.model may not import ipaddress"),
        ("aclc.resolve.names", "from lark import Tree", "aclc.resolve.names may not import lark"),
        ("aclc.filters.peers", "import networkx as nx", "aclc.filters.peers may not import networkx"),
        ("aclc.cli.check_command", "import requests", "aclc.cli.check_command imports requests, which has no home"),
        (
            "aclc.lint.rules.unused_group",
            "from aclc.lint.rules.unused_tag import CODE",
            "aclc.lint.rules.unused_group imports its sibling aclc.lint.rules.unused_tag",
        ),
        (
            "aclc.backends.nftables",
            "from aclc.backends import nebula",
            "aclc.backends.nftables imports its sibling aclc.backends.nebula",
        ),
        (
            "aclc.policy.model",
            "from typing import TYPE_CHECKING",
            "aclc.policy.model hides an import behind TYPE_CHECKING",
        ),
    ],
)
def test_a_planted_fault_is_seen(module: str, text: str, fault: str) -> None:
    assert faults(module, text) == [fault]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("aclc.cli", "from aclc import __version__"),
        ("aclc.policy.read_hujson", "from aclc.policy.model import Policy"),
        ("aclc.backends.nftables", "from aclc.backends.backend import Backend"),
        ("aclc.backends.registry", "from aclc.backends import nftables"),
        ("aclc.lint.rules.unused_group", "from aclc.lint.rule import PolicyRule"),
        ("aclc.syntax.language", "import lark"),
    ],
)
def test_an_import_that_is_right_is_let_through(module: str, text: str) -> None:
    assert faults(module, text) == []


def test_the_architecture_names_every_layer() -> None:
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in LAYERS if name != "aclc.__main__" and f"`{name}`" not in text] == []
