"""The page docs/comparison.md, made of what tools said."""

# ruff: noqa: E501  # rows of a table are one line each

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scripts.peers.cases import Case

_MOST_LINES = 6
_MOST_COLUMNS = 160

_HEAD = """\
# aclc and other tools

What aclc and other tools say of the same policies. `make peers` wrote this page on {date}: it runs each tool below
as a program, on one machine, without an account, a server or any service on the network. Each policy but the first
has one thing wrong with it. A cell says whether the tool names it, and the exit code; what was printed [stands
below](#what-each-tool-said).

| tool | version | from |
|---|---|---|
{tools}

Neither of the others claims what aclc does: jsonvet checks dialects of JSON and knows nothing of policies, the topology
mapper draws a policy. They are here since they are what a package registry has that reads such a file offline.

## Not compared, and why

| tool | why it is not in the table |
|---|---|
| Tailscale's admin console and its API (`/acl/validate`, `/acl/preview`) | need an account; they are the truth that aclc is held to, by [582 recorded answers](testing.md#captures-and-conformance) |
| gitops-pusher and gitops-acl-action | `test` asks that API: needs a key, so it cannot run on pull requests from forks |
| `tailscale_acl` of the Terraform provider | plans ask that API |
| tailsnitch, tailscale-mcp | ask that API; no package of them could be installed |
| tailscale-acl-combiner, riyaz-ali/tacl | merge and compile, and check nothing; no package of them could be installed |
| steingmo/tailscale-acl-manager | an application for macOS |
| headscale (`policy check`) | since 0.29 it needs a running server or that server's database ([headscale#3355](https://github.com/juanfont/headscale/issues/3355)), and its module could not be installed on the day |
| hujsonfmt | the command is not part of the module as published; its library is compared below |

Faults that are known of tools which could not be run (a policy that does not parse reported as passed; checks for
"allow all" that read `acls` only; `checkPeriod` on `accept` recommended; malformed destinations skipped; any word after
`autogroup:` taken; redundancy looked for in pairs) have a policy in the table all the same: it shows what aclc makes of
the case.

## Who finds what

| policy | {names} |
|---|{dashes}|
{table}

"At its line" means that what is printed names the culprit and the number of its line.

## Formatting

`make reference` formats generated texts with `aclc fmt` and with the library that the control plane formats with
(github.com/tailscale/hujson), and compares byte by byte, refusals word by word.
{formatting}

`hujsonfmt` has no exit status for "would change" and lists every file with `-l`; `aclc fmt --check` and `--diff` are
for CI, and before anything is written the text is read again.

## What each tool said

"""


def page(
    rows: Sequence[tuple[Case, Mapping[str, tuple[str, str]]]],
    versions: Mapping[str, str],
    packages: Mapping[str, str],
    date: str,
    formatting: str,
) -> str:
    """Give the page."""
    names = list(versions)
    tools = "\n".join(f"| {name} | {versions[name]} | {packages[name]} |" for name in names)
    table = "\n".join(
        f"| [{case.name}](#{case.name}) | " + " | ".join(said[name][0] for name in names) + " |" for case, said in rows
    )
    head = _HEAD.format(
        date=date,
        tools=tools,
        names=" | ".join(names),
        dashes="|".join(["---"] * len(names)),
        table=table,
        formatting=formatting,
    )
    return head + "\n".join(_section(case, said) for case, said in rows)


def _section(case: Case, said: Mapping[str, tuple[str, str]]) -> str:
    parts = [f"### {case.name}\n\n{case.says}\n\n```hujson\n{case.text}```\n"]
    for name, (verdict, text) in said.items():
        parts.append(f"{name}: {verdict}\n\n```text\n{_short(text) or '(nothing)'}\n```\n")
    return "\n".join(parts)


def _short(text: str) -> str:
    """Give the first lines, cut, with nothing in them that ends a block of code."""
    lines = [re.sub("`{3,}", "``", line.rstrip())[:_MOST_COLUMNS] for line in text.splitlines()]
    left = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([f"... and {left} more lines"] if left > 0 else []))
