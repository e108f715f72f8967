"""Every member, or every machine, administers an application.

## Why is this bad?
Applications that ask the tailnet who somebody is take a capability for their own login. Given to everybody, it makes
everybody their admin: of the identity provider, of short links, of a device's web interface.

## Example
```hujson bad
{"tagOwners": {"tag:idp": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:idp"], "ip": ["tcp:443"],
             "app": {"tailscale.com/cap/tsidp": [{"allow_admin_ui": true}]}}]}
```
```hujson good
{"tagOwners": {"tag:idp": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:idp"], "ip": ["tcp:443"]},
            {"src": ["autogroup:admin"], "dst": ["tag:idp"],
             "app": {"tailscale.com/cap/tsidp": [{"allow_admin_ui": true}]}}]}
```

## Source
Documentation of `tsidp`, golink, setec and of the web interface. Folders and Kubernetes have rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Capability, Policy

CODE = Code("SEC027", "capability-broad", Severity.WARNING)

_FLAGS = {
    "tailscale.com/cap/golink": ("admin",),
    "tailscale.com/cap/tsidp": ("allow_admin_ui",),
}
"""Parameters that make an admin."""

_ALWAYS = {
    "tailscale.com/cap/secrets": "the secrets that it names",
    "tailscale.com/cap/webui": "the device's settings",
}
"""Capabilities that are powerful whatever their parameters, and over what."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such capability of a grant whose sources are all members or all machines; own devices do not count."""
    exposure = exposure_of(context)
    for index, grant in enumerate(policy.grants or ()):
        if all(each.name == "autogroup:self" for each in grant.dst):
            continue
        for capability in grant.app:
            power = _power(capability)
            if power is None:
                continue
            sources = exposure.view.sources_of_rule(exposure.view.resolved.grants[index])
            is_member, is_tagged = exposure.any_member(sources), exposure.any_tagged(sources)
            if is_member or is_tagged:
                who = "every device" if is_member and is_tagged else "every member" if is_member else "every machine"
                yield CODE.at(
                    capability.place.key,
                    f"{who} has power over {power} by {shown(capability.name)}",
                    help="give it to the group that administers it, in a grant of its own",
                )


def _power(capability: Capability) -> str | None:
    values = capability.values if isinstance(capability.values, list) else []
    for flag in _FLAGS.get(capability.name, ()):
        if any(isinstance(value, dict) and value.get(flag) is True for value in values):
            return f"the application (`{flag}`)"
    return _ALWAYS.get(capability.name)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
