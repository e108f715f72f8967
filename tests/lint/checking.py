"""Hold a policy text to the rules, and write down what they found so that a test can compare it."""

from __future__ import annotations

from aclc.diagnostics import Diagnostic, in_order
from aclc.dialects import dialect_named
from aclc.lint.run import check_policy
from aclc.lint.selection import Profile, Selection
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet


def diagnose(
    text: str, tailnet: Tailnet | None = None, profile: Profile = "strict", target: str = "tailscale"
) -> tuple[Diagnostic, ...]:
    """Give what reading a policy and holding it to the rules finds: all rules, if nobody says otherwise."""
    dialect = dialect_named(target)
    assert dialect is not None, target
    read = read_policy(Source("policy.hujson", text), dialect)
    found = () if read.value is None else check_policy(read.value, dialect, tailnet, Selection(profile))
    return in_order([*read.diagnostics, *found])


def findings(
    slug: str, text: str, tailnet: Tailnet | None = None, target: str = "tailscale"
) -> list[tuple[str, str, str | None]]:
    """Give severity, text of the span and the control plane's words for each finding of one rule."""
    return [
        (found.severity.label, found.span.text, found.control)
        for found in diagnose(text, tailnet, target=target)
        if found.code.slug == slug
    ]


def messages(slug: str, text: str, tailnet: Tailnet | None = None) -> list[tuple[str, str | None]]:
    """Give message and advice for each finding of one rule."""
    return [(found.message, found.help) for found in diagnose(text, tailnet) if found.code.slug == slug]


def tailnet_of(text: str) -> Tailnet:
    """Give the tailnet that a tailnet file spells."""
    loaded = load_tailnet(Source("tailnet.json", text))
    assert loaded.value is not None, loaded.diagnostics
    return loaded.value


def a_tailnet(*, domains: tuple[str, ...] = (), users: tuple[str, ...] = ()) -> Tailnet:
    """Give a tailnet without nodes."""
    listed = ", ".join(f'{{"login": "{user}"}}' for user in users)
    names = ", ".join(f'"{domain}"' for domain in domains)
    return tailnet_of(f'{{"schema_version": 1, "domains": [{names}], "users": [{listed}], "nodes": []}}')
