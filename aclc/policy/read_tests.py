"""Read the policy's own tests: `tests` and `sshTests`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclc.policy.fields import Fields
from aclc.policy.model import PolicyTest, SshTest
from aclc.policy.read_ports import PortItems, protocol_text
from aclc.policy.read_selectors import Selectors
from aclc.policy.selectors import Selector
from aclc.source import Path, Place


class Tests:
    """Reads one policy's tests."""

    def __init__(self, fields: Fields, selectors: Selectors, ports: PortItems) -> None:
        self.fields = fields
        self.selectors = selectors
        self.ports = ports
        self._document = fields.document

    def tests(self, values: Sequence[Any], root: str) -> tuple[PolicyTest, ...]:
        """Give the policy's tests; entries that are no objects are left out."""
        return tuple(
            [self._test(value, (root, index)) for index, value in self.fields.objects(values, (root,), "test")]
        )

    def _test(self, value: dict[str, Any], path: Path) -> PolicyTest:
        get = self.fields.members(value, "test", path).values.get
        proto = get("proto", "")
        if proto != "":
            self.ports.protocol(proto, (*path, "proto"))
        return PolicyTest(
            Place(self._document, path),
            self._source(get("src"), path),
            self.fields.optional_texts(get("accept"), (*path, "accept")),
            self.fields.optional_texts(get("deny"), (*path, "deny")),
            protocol_text(proto),
            get("srcPostureAttrs", {}),
        )

    def ssh_tests(self, values: Sequence[Any], root: str) -> tuple[SshTest, ...]:
        """Give the policy's ssh tests; entries that are no objects are left out."""
        return tuple(
            [self._ssh_test(value, (root, index)) for index, value in self.fields.objects(values, (root,), "sshTest")]
        )

    def _ssh_test(self, value: dict[str, Any], path: Path) -> SshTest:
        get = self.fields.members(value, "sshTest", path).values.get
        return SshTest(
            Place(self._document, path),
            self._source(get("src"), path),
            self.selectors.read(get("dst", ()), (*path, "dst")),
            self.fields.optional_texts(get("accept"), (*path, "accept")),
            self.fields.optional_texts(get("check"), (*path, "check")),
            self.fields.optional_texts(get("deny"), (*path, "deny")),
            get("srcPostureAttrs", {}),
        )

    def _source(self, value: Any, path: Path) -> Selector | None:
        return None if value is None else self.selectors.read([value], (*path, "src"))[0]
