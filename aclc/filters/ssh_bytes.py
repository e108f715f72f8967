"""SSH rules written out as JSON, fast: what rules and nodes share is written once."""

from __future__ import annotations

from aclc.filters.packet_filter_json import compact
from aclc.filters.ssh import SshFilterRule, SshFilters, ssh_rule_json
from aclc.net import Address


class SshWriter:
    """Writes what `ssh_rules_json` gives, byte for byte as `json` would without blanks.

    Rules and whole lists are kept for later nodes until they exceed `budget` bytes in all; then all are let go.
    """

    __slots__ = ("_addresses", "_budget", "_filters", "_lists", "_rules", "_size")

    def __init__(self, filters: SshFilters, *, budget: int = 1 << 26) -> None:
        self._filters = filters
        self._budget = budget
        self._size = 0
        self._addresses: dict[Address, str] = {}
        # By identity: what is equal is the same here, and kept alive by being a value.
        self._rules: dict[int, tuple[SshFilterRule, bytes]] = {}
        self._lists: dict[int, tuple[tuple[SshFilterRule, ...], bytes]] = {}

    def write(self, node: int) -> bytes:
        """Give the SSH rules of node number `node` as a JSON array."""
        rules = self._filters.rules_of(node)
        kept = self._lists.get(id(rules))
        if kept is None:
            written = b"[%s]" % b",".join([self._rule(rule) for rule in rules])
            self._make_room(len(written))
            kept = self._lists[id(rules)] = rules, written
        return kept[1]

    def _rule(self, rule: SshFilterRule) -> bytes:
        kept = self._rules.get(id(rule))
        if kept is None:
            listed = ",".join([self._addresses.get(each) or self._principal(each) for each in rule.principals])
            rest = compact(ssh_rule_json(rule._replace(principals=())))
            written = rest.replace('"principals":[]', f'"principals":[{listed}]', 1).encode()
            self._make_room(len(written))
            kept = self._rules[id(rule)] = rule, written
        return kept[1]

    def _principal(self, address: Address) -> str:
        written = self._addresses[address] = f'{{"nodeIP":"{address}"}}'
        return written

    def _make_room(self, size: int) -> None:
        if self._size > self._budget:
            self._rules.clear()
            self._lists.clear()
            self._size = 0
        self._size += size
