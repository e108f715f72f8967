"""aclc: a policy compiler and linter for mesh networks (Tailscale, Headscale and their kin)."""

__version__ = "0.1.0"
