"""The captures: what the real control plane answered to a policy on a tailnet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from tests.corpus import corpus_files

Json = Any

TESTS_FAILED = "test(s) failed"
"""The refusal of a policy whose own `tests` or `sshTests` do not hold; it does not say which."""

RENAMED = ("PASSKEY", "EXAMPLE.COM")
"""A domain that was renamed in the policies and tailnets of captures, but not in the words of refusals (ssh-e1)."""


class Capture(NamedTuple):
    """One capture.

    `tailnet`: the text of a tailnet file. `policy_keys`: the top-level keys of the policy that have a value. `error`:
    None where the policy was accepted. `nodes`: name → what the node received, only nodes that were captured.
    """

    id: str
    suite: str
    policy: str
    policy_keys: frozenset[str]
    tailnet: str
    renumbered: bool
    error: str | None
    nodes: Mapping[str, Mapping[str, Json]]

    @property
    def ran_tests(self) -> bool:
        """Whether the control plane came as far as running the policy's own tests."""
        return self.error is None or self.error == TESTS_FAILED


def read_capture(path: Path) -> Capture:
    """Give the capture of a file."""
    read = json.loads(path.read_bytes())
    expect = read["expect"]
    return Capture(
        id=read["id"],
        suite=read["suite"],
        policy=read["policy"],
        policy_keys=frozenset(key for key, value in json.loads(read["policy"]).items() if value),
        tailnet=json.dumps(read["tailnet"]),
        renumbered=read["renumbered"],
        error=None if expect["status"] == 200 else expect["error"].replace(*RENAMED),
        nodes=expect["nodes"] or {},
    )


def captures(suite: str | None = None, pattern: str = "*") -> list[Capture]:
    """Give the captures of a suite (of all where None is named) whose id matches a glob, sorted by suite and id."""
    return [
        read_capture(path)
        for path in corpus_files(f"captures/{suite or '*'}/*.json")
        if fnmatchcase(path.stem, pattern)
    ]


def suites() -> list[str]:
    """Give the names of the suites, sorted; none where there is no corpus."""
    return [path.name for path in corpus_files("captures/*") if path.is_dir()]
