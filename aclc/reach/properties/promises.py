"""The promises about a policy, wherever they stand."""

from __future__ import annotations

from aclc.diagnostics import Outcome
from aclc.policy.language_document import NO_SERVICES, LanguageDocument
from aclc.policy.model import Policy
from aclc.reach.properties.property_file import Property, parse_properties, parse_property
from aclc.source import Source


def promises_of(policy: Policy, beside: Source | None) -> Outcome[tuple[Property, ...]]:
    """Give the promises of a file beside a policy, and those among the policy's own statements, whichever of its files
    they stand in."""
    document = policy.document if isinstance(policy.document, LanguageDocument) else None
    services = document.services if document is not None else NO_SERVICES
    read = parse_properties(beside, services) if beside is not None else Outcome((), ())
    found, asked = list(read.diagnostics), list(read.value or ())
    for promise in document.promises if document is not None else ():
        # WHY: a policy may include the file of promises beside it, which is then not asked twice.
        if beside is not None and promise.span.source.name == beside.name:
            continue
        one = parse_property(promise.text, promise.span, promise.services)
        if isinstance(one, Property):
            asked.append(one)
        else:
            found.append(one)
    return Outcome(tuple(asked), tuple(found))


def example_promise(policy: Policy) -> str:
    """Give a line such as somebody could write about a policy, in its own names where it has some."""
    names = [*policy.tag_owners, *policy.hosts]
    target = names[0] if names else "tag:prod"
    source = next((each for each in (*policy.groups, *policy.tag_owners) if each != target), "autogroup:shared")
    return f"assert {source} never reach {target}"
