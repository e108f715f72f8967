"""Read a HuJSON policy: from text to `Policy`, with everything that is wrong with its form in one run.

What concerns one value alone is found here. Which selector may stand where, names that are not defined, and what
several fields or rules say together is for the rules of `aclc.lint`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, in_order, shown
from aclc.dialects.dialect import Dialect
from aclc.dialects.go_text import go_quoted
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.fields import Fields, Members, go_kind
from aclc.policy.model import AutoApprovers, Policy
from aclc.policy.read_names import Names
from aclc.policy.read_ports import PortItems
from aclc.policy.read_rules import Rules
from aclc.policy.read_selectors import Selectors
from aclc.policy.read_ssh import SshRules
from aclc.policy.read_tests import Tests
from aclc.source import Place, Source, Span
from aclc.syntax.hujson_read import DUPLICATE_KEY, parse_hujson
from aclc.syntax.value_document import ValueDocument

EMPTY_SECTION = Code("SYN013", "empty-section", Severity.INFO)
NO_RULES = Code("SYN014", "no-rules-at-all", Severity.WARNING)
NOT_A_POLICY = Code("SYN018", "not-a-policy", Severity.ERROR)

ONE_CGNAT_ROUTES = ("mac-always", "mac-never")


def read_policy(source: Source, dialect: Dialect = TAILSCALE) -> Outcome[Policy]:
    """Give the policy that a HuJSON text spells.

    Returns:
        A policy also along with errors, as far as it could be read: what could not be read is left out or stands
        as `selectors.INVALID`. None where the text is no object at all.

    Raises:
        Nothing, for any text.

    Cost: linear; 1 MB of policy in about 0.1 s.
    """
    parsed = parse_hujson(source, legacy_spellings(dialect))
    found = parsed.diagnostics
    if dialect.duplicate_keys_refused:
        found = tuple(
            each._replace(help="the control plane refuses it: merge the two, or remove one")
            if each.code is DUPLICATE_KEY
            else each
            for each in found
        )
    document = parsed.value
    if document is None:
        return Outcome(None, in_order(found))
    return policy_of(document, found, dialect)


def policy_of(
    document: ValueDocument, diagnostics: Sequence[Diagnostic], dialect: Dialect = TAILSCALE
) -> Outcome[Policy]:
    """Give the policy that a document's value spells, whatever language it was written in.

    `diagnostics`: what was found before; they come first in nothing but order.
    """
    fields = Fields(document, dialect)
    fields.found.extend(diagnostics)
    if not isinstance(document.value, dict):
        fields.found.append(_not_an_object(fields))
        return Outcome(None, in_order(fields.found))
    policy = _Reader(fields, document.value).policy()
    return Outcome(policy, in_order(fields.found))


def legacy_spellings(dialect: Dialect) -> dict[str, list[str]]:
    """Give every key that has legacy spellings, with these."""
    spellings: dict[str, list[str]] = {}
    for shape in dialect.shapes.values():
        for old, key in shape.legacy.items():
            spellings.setdefault(key, []).append(old)
    return spellings


def _not_an_object(fields: Fields) -> Diagnostic:
    """Say that the text holds something else than an object."""
    value = fields.document.value
    kind = "a list" if type(value) is list else "a single value"
    return NOT_A_POLICY.at(
        _opening(fields.document),
        f"file holds {kind}, not a policy",
        help='a policy is an object such as `{"groups": {…}, "grants": […]}`',
        control=fields.dialect.control("wrong-type", found=go_kind(value)),
    )


def _opening(document: ValueDocument) -> Span:
    """Give the first character of the outermost value: for findings about the whole."""
    start = document.span(()).start
    return Span(document.source, start, start + 1)


class _Reader:
    """Reads the sections of one policy."""

    def __init__(self, fields: Fields, value: dict[str, Any]) -> None:
        self.fields = fields
        self.members = self._top_level(value)
        hosts = self.members.values.get("hosts", {})
        selectors = Selectors(fields, frozenset(hosts))
        ports = PortItems(fields, selectors)
        self.names = Names(fields, selectors)
        self.rules = Rules(fields, selectors, ports)
        self.ssh = SshRules(fields, selectors)
        self.tests = Tests(fields, selectors, ports)

    def policy(self) -> Policy:
        """Give the policy; sections that are absent have their defaults."""
        get, names, rules = self.members.values.get, self.names, self.rules
        self._report_empty()
        acls, grants, ssh = get("acls"), get("grants"), get("ssh")
        approvers = get("autoApprovers")
        route = get("OneCGNATRoute", "").strip()
        if route and route not in ONE_CGNAT_ROUTES:
            names.option(route, ONE_CGNAT_ROUTES, ("OneCGNATRoute",))
        derp_map = get("derpMap")
        if derp_map is not None:
            from aclc.policy.read_derp_map import check_derp_map

            check_derp_map(self.fields, derp_map, self._root("derpMap"))
        return Policy(
            document=self.fields.document,
            acls=None if acls is None else rules.acls(acls, self._root("acls")),
            grants=None if grants is None else rules.grants(grants, self._root("grants")),
            groups=names.groups(get("groups", {}), self._root("groups")),
            hosts=names.hosts(get("hosts", {}), self._root("hosts")),
            ipsets=names.ipsets(get("ipsets", {}), self._root("ipsets")),
            tag_owners=names.tag_owners(get("tagOwners", {}), self._root("tagOwners")),
            auto_approvers=AutoApprovers(None)
            if approvers is None
            else names.auto_approvers(approvers, self._root("autoApprovers")),
            ssh=None if ssh is None else self.ssh.ssh_rules(ssh, self._root("ssh")),
            node_attrs=rules.node_attrs(get("nodeAttrs", ()), self._root("nodeAttrs")),
            postures=names.postures(get("postures", {}), self._root("postures")),
            default_src_posture=self.fields.trimmed(get("defaultSrcPosture", ()), (self._root("defaultSrcPosture"),)),
            attr_config=names.attr_config(get("attrConfig", {}), self._root("attrConfig")),
            tests=self.tests.tests(get("tests", ()), self._root("tests")),
            ssh_tests=self.tests.ssh_tests(get("sshTests", ()), self._root("sshTests")),
            derp_map=derp_map,
            disable_ipv4=get("disableIPv4", False),
            one_cgnat_route=route,
            randomize_client_port=get("randomizeClientPort", False),
            dialect=self.fields.dialect,
        )

    def _root(self, key: str) -> str:
        """Give a section's key as the file spells it, so that places lead to a misspelled one too."""
        return self.members.written.get(key, key)

    def _top_level(self, value: dict[str, Any]) -> Members:
        """Give the sections; an object without any is reported once as what it is, not key by key."""
        shape = self.fields.dialect.shapes["policy"]
        known = {key.casefold() for key in (*shape.keys, *shape.elsewhere)}
        if value and not any(self._resembles_section(key, known) for key in value):
            first = next(iter(value))
            self.fields.found.append(
                NOT_A_POLICY.at(
                    _opening(self.fields.document),
                    f"object has no section of a policy; it begins with {shown(first)}",
                    help=_fragment_of(value, self.fields.dialect),
                    control=self.fields.dialect.control("unknown-key", key=go_quoted(first)),
                )
            )
            return Members({}, frozenset(shape.keys))
        return self.fields.members(value, "policy", ())

    def _resembles_section(self, key: str, known: set[str]) -> bool:
        # A colon belongs to names of groups, tags and so on, which no section resembles.
        return key.casefold() in known or (":" not in key and self.fields.near(key, known) is not None)

    def _report_empty(self) -> None:
        """Report sections that say nothing, and a policy without rules."""
        values, lost = self.members.values, self.members.lost
        for key, value in values.items():
            if value not in ([], {}):
                continue
            meaning = "has no effect"
            if key in ("acls", "grants"):
                other = "grants" if key == "acls" else "acls"
                if not values.get(other) and other not in lost:
                    meaning = self._no_rules(other)
            self.fields.found.append(
                EMPTY_SECTION.at(Place(self.fields.document, (self._root(key),)), f"empty `{key}` {meaning}")
            )
        if not {"acls", "grants"} & (values.keys() | lost):
            section = "grants" if self.fields.dialect.has_key("grants") else "acls"
            effect = "everything to everybody" if self.fields.dialect.no_rules_allow else "nothing to anybody"
            self.fields.found.append(
                NO_RULES.at(
                    _opening(self.fields.document),
                    f"policy has neither `acls` nor `grants`, which allows {effect}",
                    help=f'to allow nothing write `"{section}": []`',
                )
            )

    def _no_rules(self, other: str) -> str:
        """Say what an empty list of rules means where the other list has none either."""
        if self.members.values.get(other) is not None:
            return f"allows nothing, as the empty `{other}` does"
        return "allows nothing" + (
            "; without the key everything would be allowed" if self.fields.dialect.no_rules_allow else ""
        )


def _fragment_of(value: Mapping[str, Any], dialect: Dialect) -> str | None:
    """Give where an object belongs whose keys are those of a section's entry, or whose keys are names."""
    for prefix, section in (
        ("group:", "groups"),
        ("tag:", "tagOwners"),
        ("posture:", "postures"),
        ("ipset:", "ipsets"),
    ):
        if all(key.startswith(prefix) for key in value):
            return f"put it under `{section}`"
    for shape, section in (("acl", "acls"), ("grant", "grants"), ("ssh", "ssh"), ("nodeAttr", "nodeAttrs")):
        if shape in dialect.shapes and all(key in dialect.shapes[shape].keys for key in value):
            return f"put it into the list `{section}`"
    return 'a policy is an object such as `{"groups": {…}, "grants": […]}`'
