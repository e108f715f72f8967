"""Read what a policy names: groups, hosts, tags, ipsets, postures, approvers and the types of posture attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.net import has_host_bits, parse_prefix
from aclc.policy.fields import BLANKS, Fields
from aclc.policy.model import (
    AttrConfig,
    AutoApprovers,
    Group,
    Host,
    Ipset,
    IpsetStep,
    Posture,
    PostureCondition,
    RouteApprover,
    ServiceApprover,
    TagOwner,
)
from aclc.policy.read_selectors import BAD_ADDRESS, Selectors, address_advice
from aclc.policy.selectors import INVALID, is_template
from aclc.source import Path, Place

WRONG_PREFIX = Code("REF010", "wrong-prefix", Severity.ERROR)
TAG_NAME = Code("VAL023", "tag-name", Severity.ERROR)
APPROVED_ROUTE = Code("VAL028", "autoapprover-value", Severity.ERROR)
POSTURE_CONDITION = Code("VAL031", "posture-expr", Severity.ERROR)
HOST_NAME = Code("VAL041", "host-name", Severity.ERROR)
UNKNOWN_OPTION = Code("VAL042", "unknown-option", Severity.WARNING)

ATTRIBUTE_TYPES = ("string", "number", "bool")


class Names:
    """Reads one policy's names."""

    def __init__(self, fields: Fields, selectors: Selectors) -> None:
        self.fields = fields
        self.selectors = selectors
        self._document = fields.document

    def _report(self, diagnostic: Diagnostic) -> None:
        self.fields.found.append(diagnostic)

    def _key_begins(self, key: str, prefixes: tuple[str, ...], path: Path) -> bool:
        """Tell whether a key begins with one of the prefixes and goes on; report it where not."""
        if any(key.startswith(prefix) and len(key) > len(prefix) for prefix in prefixes):
            return True
        wanted = " or ".join(f"`{prefix}`" for prefix in prefixes)
        head, colon, rest = key.partition(":")
        near = f"did you mean `{prefixes[0]}{rest if colon else key}`?" if (rest if colon else key) else None
        self._report(
            WRONG_PREFIX.at(
                self._document.key_span(path),
                f"{shown(key)} must begin with {wanted}"
                if key not in prefixes
                else f"{shown(key)} has no name behind its prefix",
                help=near
                if not colon or self.fields.near(f"{head}:", prefixes) or head.lower() in ("", "grp")
                else None,
                control=self.fields.dialect.control(f"{prefixes[0][:-1]}-prefix", name=go_quoted(key)),
            )
        )
        return False

    def groups(self, value: dict[str, Any], root: str) -> dict[str, Group]:
        """Give the groups by name."""
        groups = {}
        for name, members in self.fields.lists_by_key(value, (root,), "group"):
            path = (root, name)
            self._key_begins(name, ("group:",), path)
            groups[name] = Group(Place(self._document, path), name, self.selectors.read(members, path))
        return groups

    def tag_owners(self, value: dict[str, Any], root: str) -> dict[str, TagOwner]:
        """Give the tags by name."""
        tags = {}
        for name, owners in self.fields.lists_by_key(value, (root,), "tag"):
            path = (root, name)
            if self._key_begins(name, ("tag:",), path) and not _is_tag_name(name[4:]):
                self._tag_name(name, path)
            tags[name] = TagOwner(Place(self._document, path), name, self.selectors.read(owners, path))
        return tags

    def _tag_name(self, name: str, path: Path) -> None:
        starts_well = _is_tag_name(name[4])
        dialect = self.fields.dialect
        control = dialect.control("tag-characters" if starts_well else "tag-letter", tag=go_quoted(name))
        # WHY only a warning: Headscale is not known to refuse it, but clients refuse to carry such a tag.
        mild = dialect.is_headscale and control is None
        self._report(
            TAG_NAME.at(
                self._document.key_span(path),
                f"name of {shown(name)} may hold only letters, digits and dashes"
                if starts_well
                else f"name of {shown(name)} must begin with a letter",
                help="letters are those from a to z, in either case",
                control=control,
                severity=Severity.WARNING if mild else None,
            )
        )

    def hosts(self, value: dict[str, Any], root: str) -> dict[str, Host]:
        """Give the host aliases by name."""
        hosts = {}
        for name, address in value.items():
            path = (root, name)
            place = Place(self._document, path)
            if "@" in name:
                self._report(
                    HOST_NAME.at(
                        place.key,
                        f"name {shown(name)} of a host has an `@` in it",
                        help="names with `@` are users: choose another one",
                        control=self.fields.dialect.control("host-name", name=go_quoted(name)),
                    )
                )
            if type(address) is not str:
                self.fields.wrong_type(address, f"host {shown(name)}", "an IP address or CIDR in quotes", path)
                hosts[name] = Host(place, name, "", None)
                continue
            text = address.strip(BLANKS)
            prefix = parse_prefix(text)
            if prefix is None:
                self._report(
                    BAD_ADDRESS.at(
                        place,
                        f"{shown(text)} is neither an IP address nor a CIDR",
                        help=_of_template(text)
                        or (
                            address_advice(text)
                            if text[:1].isdigit() or ":" in text
                            else "a host is one address or CIDR"
                        ),
                        control=self.fields.dialect.control(
                            "host-address", host=go_quoted(name), address=go_quoted(text)
                        ),
                    )
                )
            elif "/" in text and has_host_bits(text):
                start = len(address) - len(address.lstrip(BLANKS))
                self.selectors.host_bits(text, self.fields.part(path, start, start + len(text)))
            hosts[name] = Host(place, name, text, prefix)
        return hosts

    def ipsets(self, value: dict[str, Any], root: str) -> dict[str, Ipset]:
        """Give the ipsets by name."""
        ipsets = {}
        for name, lines in self.fields.lists_by_key(value, (root,), "ipset"):
            path = (root, name)
            self._key_begins(name, ("ipset:",), path)
            steps = tuple([self._step(line, (*path, index)) for index, line in enumerate(lines)])
            ipsets[name] = Ipset(Place(self._document, path), name, steps)
        return ipsets

    def _step(self, line: Any, path: Path) -> IpsetStep:
        if type(line) is not str:
            self.fields.wrong_type(line, "a line of an ipset", "a string", path)
            return IpsetStep(remove=False, selector=INVALID, text="")
        text = line.strip(BLANKS)
        verb, blank, rest = text.partition(" ")
        if not blank or verb not in ("add", "remove"):
            verb, rest = "add", text
        rest = rest.strip(BLANKS)
        start = len(line.rstrip(BLANKS)) - len(rest)
        return IpsetStep(verb == "remove", self.selectors.read_one(rest, path, start), text)

    def postures(self, value: dict[str, Any], root: str) -> dict[str, Posture]:
        """Give the postures by name."""
        postures = {}
        for name, lines in self.fields.lists_by_key(value, (root,), "posture"):
            path = (root, name)
            self._key_begins(name, ("posture:",), path)
            conditions = tuple([self._condition(line, (*path, index)) for index, line in enumerate(lines)])
            postures[name] = Posture(Place(self._document, path), name, conditions)
        return postures

    def _condition(self, line: Any, path: Path) -> PostureCondition:
        if type(line) is not str:
            self.fields.wrong_type(line, "a condition", "a string", path)
            return PostureCondition("", "", "", ())
        from aclc.policy.posture_expressions import PostureFault, parse_condition

        read = parse_condition(line)
        if isinstance(read, PostureFault):
            self._report(
                POSTURE_CONDITION.at(self.fields.part(path, read.start, read.end), read.message, help=read.help)
            )
            return PostureCondition(line, "", "", ())
        return read

    def auto_approvers(self, value: dict[str, Any], root: str) -> AutoApprovers:
        """Give the approvers of routes, exit nodes and services."""
        values = self.fields.members(value, "autoApprovers", (root,)).values
        routes = []
        for text, approvers in self.fields.lists_by_key(values.get("routes", {}), (root, "routes"), "route"):
            path = (root, "routes", text)
            place = Place(self._document, path)
            prefix = parse_prefix(text)
            if prefix is None:
                self._report(
                    APPROVED_ROUTE.at(
                        place.key,
                        f"{shown(text)} is not a CIDR",
                        help=_of_template(text) or "routes are named by CIDR, as in `10.0.0.0/24`",
                    )
                )
            elif has_host_bits(text):
                self.selectors.host_bits(text, place.key.within(1, len(place.key.text) - 1))
            routes.append(RouteApprover(place, text, prefix, self.selectors.read(approvers, path)))
        exit_node = self.selectors.read(values.get("exitNode", []), (root, "exitNode"))
        services = []
        for name, approvers in self.fields.lists_by_key(values.get("services", {}), (root, "services"), "service"):
            path = (root, "services", name)
            self._key_begins(name, ("svc:", "tag:"), path)
            services.append(ServiceApprover(Place(self._document, path), name, self.selectors.read(approvers, path)))
        return AutoApprovers(Place(self._document, (root,)), tuple(routes), exit_node, tuple(services))

    def attr_config(self, value: dict[str, Any], root: str) -> Mapping[str, AttrConfig]:
        """Give the declared posture attributes by name."""
        configs = {}
        for name, each in value.items():
            path = (root, name)
            if type(each) is not dict:
                self.fields.wrong_type(each, f"attribute {shown(name)}", "an object", path)
                continue
            values = self.fields.members(each, "attrConfig", path).values
            kind = values.get("type", "")
            if kind and kind not in ATTRIBUTE_TYPES:
                self.option(kind, ATTRIBUTE_TYPES, (*path, "type"))
            configs[name] = AttrConfig(
                Place(self._document, path),
                name,
                kind,
                values.get("allowSetByNode", False),
                self.selectors.read(values.get("broadcastToPeers", []), (*path, "broadcastToPeers")),
            )
        return configs

    def option(self, word: str, known: tuple[str, ...], path: Path) -> None:
        """Report a word that is none of those documented."""
        near = self.fields.near(word, known)
        self._report(
            UNKNOWN_OPTION.at(
                Place(self._document, path),
                f"{shown(word)} is not a documented value of `{path[-1]}`",
                help=f"did you mean `{near}`?" if near else f"it takes {', '.join(f'`{each}`' for each in known)}",
            )
        )


def _of_template(text: str) -> str | None:
    """Give the advice for text that a template engine has yet to fill in; None for any other."""
    return "check the file that the template gives: as it stands, this is refused" if is_template(text) else None


def _is_tag_name(name: str) -> bool:
    """Tell whether letters, digits and dashes make up the name, a letter first."""
    return name.isascii() and name[0].isalpha() and name.replace("-", "a").isalnum()
