"""Names that control planes and clients know, where a policy may hold any: for hints at likely slips, never for
refusing.

Reference §7.1 (node attributes), §2.2 (capabilities), §7.3 (posture attributes).
"""

from __future__ import annotations

NODE_ATTRIBUTES = frozenset(
    {
        "auto-exit-node",
        "cache-network-maps",
        "client-side-reachability",
        "debug-disable-upnp",
        "default-auto-update",
        "disable-captive-portal-detection",
        "disable-hosts-file-updates",
        "disable-ipv4",
        "disable-relay-client",
        "disable-relay-server",
        "disable-web-client",
        "dns-subdomain-resolve",
        "drive:access",
        "drive:share",
        "funnel",
        "log-exit-flows",
        "magicdns-aaaa",
        "mullvad",
        "nextdns:no-device-info",
        "one-cgnat?v=false",
        "one-cgnat?v=true",
        "only-tcp-443",
        "linux-netfilter?v=iptables",
        "linux-netfilter?v=nftables",
        "randomize-client-port",
        "suggest-exit-node",
        "traffic-steering",
        "user-dial-routes",
    }
)
"""Attributes for `nodeAttrs` that do something. `nextdns:` takes any profile after it."""

CAPABILITIES = frozenset(
    {
        "tailscale.com/app-connectors",
        "tailscale.com/cap/drive",
        "tailscale.com/cap/golink",
        "tailscale.com/cap/kubernetes",
        "tailscale.com/cap/relay",
        "tailscale.com/cap/secrets",
        "tailscale.com/cap/tailsql",
        "tailscale.com/cap/tsidp",
        "tailscale.com/cap/webui",
    }
)
"""Capabilities for `app` that something asks for. Everybody may have their own below their own domain."""

OPERATING_SYSTEMS = ("macos", "windows", "linux", "ios", "android", "freebsd", "openbsd", "illumos", "js")
"""The values of `node:os`."""

POSTURE_ATTRIBUTES = {
    "ip:country": "country",
    "node:os": "os",
    "node:osVersion": "version",
    "node:tsAutoUpdate": "flag",
    "node:tsReleaseTrack": "track",
    "node:tsStateEncrypted": "flag",
    "node:tsVersion": "version",
}
"""Posture attributes that need no integration, and what their values are. Below `custom:` and the names of vendors
anything goes."""
