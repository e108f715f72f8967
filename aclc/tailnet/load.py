"""Load a tailnet: find out which format a file has, read it, make one tailnet of all files.

The format is told from what is in the file, never from its name.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, has_errors, whole
from aclc.source import Source
from aclc.tailnet.document import ValuedDocument, parse_document
from aclc.tailnet.facts import Facts
from aclc.tailnet.model import Tailnet

UNKNOWN_FORMAT = Code("TLN002", "tailnet-unknown-format", Severity.ERROR)

_OWN = ("schema_version", "nodes", "users")
_HEADSCALE = ("ip_addresses", "ipAddresses", "given_name", "givenName")

Reader = Callable[[ValuedDocument], Outcome[Facts]]


def load_tailnet(source: Source) -> Outcome[Tailnet]:
    """Give the tailnet that one file describes, in any format that aclc knows; no value where there is an error."""
    return load_tailnets((source,))


def load_tailnets(sources: Sequence[Source]) -> Outcome[Tailnet]:
    """Give the tailnet that several files describe together; no value where there is an error.

    Each file has a format of its own. Typical: the devices and the users of the Tailscale API; a listing, and a file of
    aclc's own that adds roles. See `assemble` for how they are put together. No files: an empty tailnet.
    """
    # WHY: what is built lives on, so collecting garbage meanwhile finds none, and takes half the time of loading.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _load(sources)
    finally:
        if collecting:
            gc.enable()


def _load(sources: Sequence[Source]) -> Outcome[Tailnet]:
    # WHY not at the head: pydantic and what it builds take longer to import than a check without tailnet takes.
    from aclc.tailnet.assemble import assemble

    found: list[Diagnostic] = []
    files: list[Facts] = []
    for source in sources:
        facts = _facts(source)
        found += facts.diagnostics
        if facts.value is not None:
            files.append(facts.value)
    tailnet = assemble(files)
    found += tailnet.diagnostics
    return Outcome(None if has_errors(found) else tailnet.value, tuple(found))


def _facts(source: Source) -> Outcome[Facts]:
    document = parse_document(source)
    if document.value is None:
        return Outcome(None, document.diagnostics)
    reader = _reader(document.value.value)
    if reader is None:
        unknown = UNKNOWN_FORMAT.at(
            whole(source),
            "this is not a tailnet file",
            help="aclc reads its own format (an object with `users` and `nodes`), `tailscale status --json`, "
            "`tailscale debug netmap`, the devices and users of the Tailscale API, and `headscale nodes list -o json`",
        )
        return Outcome(None, (*document.diagnostics, unknown))
    facts = reader(document.value)
    return Outcome(facts.value, (*document.diagnostics, *facts.diagnostics))


def _reader(value: Any) -> Reader | None:
    """Give the reader for a value; only that one is imported, since building its models takes time."""
    reader: Reader | None = None
    if isinstance(value, dict) and "SelfNode" in value:
        from aclc.tailnet.netmap import netmap_facts as reader
    elif isinstance(value, dict) and "Self" in value and ("Peer" in value or "BackendState" in value):
        from aclc.tailnet.status import status_facts as reader
    elif isinstance(value, dict) and (isinstance(value.get("devices"), list) or "loginName" in _first(value, "users")):
        from aclc.tailnet.api import listing_facts as reader
    elif value == [] or not (_first({"": value}, "") or _first(value, "nodes")).keys().isdisjoint(_HEADSCALE):
        from aclc.tailnet.headscale import node_list_facts as reader
    elif isinstance(value, dict) and not value.keys().isdisjoint(_OWN):
        from aclc.tailnet.own import own_facts as reader
    return reader


def _first(value: Any, field: str) -> Mapping[str, Any]:
    """Give the first object of the list under `field`, empty where there is none."""
    items = value.get(field) if isinstance(value, dict) else None
    return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
