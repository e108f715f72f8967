"""Pages about tailnet files: users and nodes."""

from __future__ import annotations

from aclc.lint.pages.page import Page


def _page(number: int, name: str, severity: str, summary: str, why: str) -> Page:
    return Page(f"TLN{number:03}", f"tailnet-{name}", severity, summary, why)


TAILNET = (
    _page(1, "syntax", "error", "A tailnet file is neither JSON, HuJSON nor YAML.", "Nothing in it can be used."),
    _page(
        2,
        "unknown-format",
        "error",
        "A file has no form that aclc reads users and nodes from.",
        "aclc reads its own format, `tailscale status --json`, netmap dumps, the API's devices and users, and\n"
        "`headscale nodes list -o json`.",
    ),
    _page(3, "wrong-type", "error", "A field has a value of the wrong type.", "What it says cannot be used."),
    _page(
        4,
        "missing-field",
        "error",
        "A field that is needed is missing.",
        "A node needs a name and addresses, a user a login; nothing can be worked out without them.",
    ),
    _page(
        5,
        "unknown-field",
        "warning",
        "A field is not known.",
        "It has no effect. Facts for other tools belong under `extra`.",
    ),
    _page(6, "wrong-value", "error", "A field has a value that it cannot have.", "What it says cannot be used."),
    _page(
        7,
        "bad-address",
        "error",
        "An address of a node is none.",
        "Filters are made of addresses: the node would be missing in them.",
    ),
    _page(8, "bad-route", "error", "A route of a node is no CIDR block.", "Nobody would be let through to it."),
    _page(9, "bad-time", "error", "A time cannot be read.", "Write it as RFC 3339 does: `2026-04-12T20:14:00Z`."),
    _page(10, "bad-tag", "error", "A tag of a node is none.", "No rule would ever mean the node by it."),
    _page(
        11,
        "duplicate-node",
        "error",
        "Two nodes have one name.",
        "Nobody could tell which of them an answer speaks of.",
    ),
    _page(
        12,
        "duplicate-address",
        "error",
        "Two nodes have one address.",
        "Packets go to one of them only; what a filter says would be wrong for the other.",
    ),
    _page(13, "duplicate-user", "error", "Two users have one login.", "Their roles may differ: which one counts?"),
    _page(
        14,
        "tagged-with-user",
        "warning",
        "A node has both tags and a user.",
        "A tagged node has no user: rules for the user do not mean it.",
    ),
    _page(
        15,
        "route-not-advertised",
        "warning",
        "A route is approved, but the node does not advertise it.",
        "It is not in force, whatever was approved.",
    ),
    _page(
        16,
        "unknown-user",
        "warning",
        "A node belongs to a user that the file does not list.",
        "Its role is not known, so it counts as a member.",
    ),
    _page(
        17,
        "node-without-owner",
        "warning",
        "A node has neither user nor tags.",
        "Only rules on addresses and `*` mean it.",
    ),
    _page(18, "empty-login", "warning", "A user has no login.", "No rule can mean it; it is left out."),
    _page(
        19,
        "node-without-address",
        "warning",
        "A node has no address.",
        "Nothing can be sent to it or come from it; it is left out.",
    ),
    _page(
        20,
        "limited-view",
        "info",
        "The file shows the tailnet as one node sees it.",
        "Nodes that this one must not see are missing: take a listing of the API for the whole.",
    ),
    _page(
        21,
        "no-roles",
        "info",
        "The file does not say the roles of users.",
        "Everybody counts as a member: rules for admins mean nobody here.",
    ),
)
