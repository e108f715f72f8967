"""What each control plane accepts, refuses (with which words) and means differently: data, not code."""

from __future__ import annotations

from collections.abc import Mapping

from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE

DIALECTS: Mapping[str, Dialect] = {TAILSCALE.name: TAILSCALE}
"""Every dialect by the name that `--target` takes."""
