"""What each control plane accepts, refuses (with which words) and means differently: data, not code."""

from __future__ import annotations

from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE

HEADSCALE_VERSIONS = ("0.26", "0.27", "0.28", "0.29", "0.30")
"""The versions of Headscale that are known, oldest first."""

NAMES = (TAILSCALE.name, *(f"headscale@{version}" for version in HEADSCALE_VERSIONS))
"""What `--target` takes. A patch release is taken too, and `headscale` alone for the newest version."""


def canonical_name(text: str) -> str | None:
    """Give the name of the dialect that a target names, None for none.

    >>> canonical_name("headscale"), canonical_name("headscale@v0.27.1"), canonical_name("headscale@0.25")
    ('headscale@0.30', 'headscale@0.27', None)
    """
    name = text.strip().lower()
    if name == "headscale":
        return NAMES[-1]
    product, at, version = name.partition("@")
    if at and product == "headscale":
        parts = version.removeprefix("v").split(".")
        if len(parts) == 3 and parts[2].isascii() and parts[2].isdigit():
            parts.pop()
        name = f"headscale@{'.'.join(parts)}"
    return name if name in NAMES else None


def dialect_named(text: str) -> Dialect | None:
    """Give the dialect that a target names, None for none. Cost: only what is asked for is loaded."""
    name = canonical_name(text)
    if name is None or name == TAILSCALE.name:
        return TAILSCALE if name else None
    # WHY not at the head: most checks are for Tailscale, and start-up time counts.
    from aclc.dialects.headscale import HEADSCALE

    return next(dialect for dialect in HEADSCALE if dialect.name == name)
