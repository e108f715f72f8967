"""Which names of a policy anything speaks of, its own definition left out."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.lint.rule import Context, shared
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Json


@shared
def mentioned_in(context: Context) -> frozenset[str]:
    """Give every group, tag, host, ipset and posture that stands anywhere but where it is defined.

    Tests count, and so does whatever looks like a name inside `app`: rather too much is held for used than too little.
    """
    policy = context.policy
    found = {selector.name for _, _, selectors in context.uses.kinds() for selector in selectors}
    if isinstance(policy.document, LanguageDocument):
        found |= policy.document.used
    found.update(policy.default_src_posture)
    for rules in (policy.acls, policy.grants, policy.ssh):
        for rule in rules or ():
            found.update(rule.src_posture or ())
    found.update(service.name for service in policy.auto_approvers.services)
    for name, entry in policy.tag_owners.items():
        # A tag that only owns itself is not used by that.
        if not any(owner.name == name for owner in entry.owners):
            continue
        owned = {owner.name for other, each in policy.tag_owners.items() if other != name for owner in each.owners}
        elsewhere = any(
            selector.name == name
            for position, kind, selectors in context.uses.kinds()
            if position != "tagOwners" and kind == "tag"
            for selector in selectors
        )
        if name not in owned and not elsewhere:
            found.discard(name)
    for test in policy.tests:
        texts = [*(test.accept or ()), *(test.deny or ())]
        found.update(texts)
        found.update(text.rpartition(":")[0] for text in texts)
        if test.src is not None:
            found.add(test.src.name)
    for entry_app in (*(grant.app for grant in policy.grants or ()), *(attr.app for attr in policy.node_attrs)):
        for capability in entry_app:
            found.update(_texts(capability.values))
    return frozenset(found)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
