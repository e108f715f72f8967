"""The policy means something else for its control plane than for Tailscale.

Asked only of Headscale. Each kind of difference is told once, where it first comes up.

## Why is this bad?
Whoever knows the one control plane and moves to the other reads the policy wrongly: people gain or lose access without
a change of the text. Where the target is known in full, `aclc diff POLICY POLICY --target tailscale --target
headscale@0.29` shows what the differences come to.

## Example
The examples are for `headscale@0.29`.
```hujson bad
{"grants": [{"src": ["user:*@example.com"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"groups": {"group:ops": ["alice@"]}}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]}
```

## Source
Release notes of Headscale 0.26.0 to 0.29.0; juanfont/headscale#3036, #3361, #2672, #2863.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.net import INTERNET, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument

CODE = Code("POR002", "meaning-differs", Severity.WARNING)

_MILD = frozenset({"tag-nobody", "localpart"})
"""Differences that open and close nothing by themselves."""

SELF = "autogroup:self"


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each difference that concerns the policy."""
    for key, sentence in context.dialect.differences.items():
        places = list(_DETECTORS[key](policy, context))
        if places:
            first = min(places, key=lambda place: place.span.start)
            more = len({place.span.start for place in places}) - 1
            help = None if not more else f"so it is in {more} other place{'s' if more > 1 else ''}"
            span = first.span if first.path else first.span.within(0, 1)
            yield CODE.at(span, sentence, help=help, severity=Severity.INFO if key in _MILD else None)


def _sources(_policy: Policy, context: Context) -> Iterator[Place]:
    for position in ("acls.src", "grants.src"):
        for selector in context.uses.at(position, "any"):
            yield from context.uses.places(position, selector)


def _no_rules(policy: Policy, _context: Context) -> Iterator[Place]:
    document = policy.document
    # Grants that the target does not know are a finding of their own.
    unread = isinstance(document, HujsonDocument) and document.has(("grants",))
    if policy.allows_everything_by_default and not unread:
        yield policy.place


def _icmp(policy: Policy, _context: Context) -> Iterator[Place]:
    return (acl.place.at("proto") for acl in policy.acls or () if acl.protocol_text.casefold() == "icmp")


def _domain_users(_policy: Policy, context: Context) -> Iterator[Place]:
    for position, selector in context.uses.of_kind("domain-users"):
        yield from context.uses.places(position, selector)


def _localpart(policy: Policy, _context: Context) -> Iterator[Place]:
    for rule in policy.ssh or ():
        for index, user in enumerate(rule.users or ()):
            if user.startswith("localpart:"):
                yield rule.place.at("users", index)


def _tags_of_nobody(policy: Policy, _context: Context) -> Iterator[Place]:
    return (tag.place for tag in policy.tag_owners.values() if not tag.owners)


def _via_app(policy: Policy, _context: Context) -> Iterator[Place]:
    return (grant.place.at("via") for grant in policy.grants or () if grant.via and grant.app and not grant.ip)


def _public_cidrs(policy: Policy, context: Context) -> Iterator[Place]:
    for position in ("acls.dst", "grants.dst"):
        for kind in ("prefix", "host"):
            for selector in context.uses.at(position, kind):
                host = policy.hosts.get(selector.name) if kind == "host" else None
                prefix = host.prefix if host is not None else selector.prefix
                if prefix is not None and IpSet.of(prefix) & INTERNET:
                    yield from context.uses.places(position, selector)


def _accepts_in_ssh_tests(policy: Policy, _context: Context) -> Iterator[Place]:
    if any(rule.action == "check" for rule in policy.ssh or ()):
        yield from (test.place.at("accept") for test in policy.ssh_tests if test.accept)


def _tests_of_local_rules(policy: Policy, context: Context) -> Iterator[Place]:
    local = any(grant.via for grant in policy.grants or ()) or any(_self_destinations(policy, context))
    if local and policy.tests:
        yield policy.tests[0].place


def _tests_of_nothing(policy: Policy, context: Context) -> Iterator[Place]:
    if context.tailnet is None:
        return
    carried = {tag for node in context.tailnet.nodes for tag in node.tags}
    for test in policy.tests:
        for key, texts in (("accept", test.accept), ("deny", test.deny)):
            for index, text in enumerate(texts or ()):
                host = text.strip().rpartition(":")[0]
                if host.startswith("tag:") and host in policy.tag_owners and host not in carried:
                    yield test.place.at(key, index)


def _self_destinations(_policy: Policy, context: Context) -> Iterator[Place]:
    for position in ("acls.dst", "grants.dst"):
        for selector in context.uses.at(position, "autogroup"):
            if selector.name == SELF:
                yield from context.uses.places(position, selector)


def _ssh_pairs(policy: Policy, _context: Context) -> Iterator[Place]:
    for rule in policy.ssh or ():
        for index, target in enumerate(rule.dst):
            to_others = target.kind == "user" and any(source.name != target.name for source in rule.src)
            if to_others or (target.name in {"autogroup:member", SELF} and any(map(_is_tagged, rule.src))):
                yield rule.place.at("dst", index)


def _unknown_users(_policy: Policy, context: Context) -> Iterator[Place]:
    for position, selector in context.unknown_logins:
        yield from context.uses.places(position, selector)


def _is_tagged(selector: Selector) -> bool:
    return selector.kind == "tag" or selector.name == "autogroup:tagged"


_DETECTORS: dict[str, Callable[[Policy, Context], Iterable[Place]]] = {
    "any-source": _sources,
    "domain-users": _domain_users,
    "icmp": _icmp,
    "localpart": _localpart,
    "no-rules": _no_rules,
    "public-cidr": _public_cidrs,
    "self-tagged": _self_destinations,
    "ssh-pairs": _ssh_pairs,
    "ssh-tests-accept": _accepts_in_ssh_tests,
    "tag-nobody": _tags_of_nobody,
    "tests-global": _tests_of_local_rules,
    "tests-nothing": _tests_of_nothing,
    "unknown-user": _unknown_users,
    "via-app": _via_app,
}
"""For each kind of difference (`Dialect.differences`): where it comes up in a policy."""

RULE = PolicyRule(CODE, check, __doc__ or "")
