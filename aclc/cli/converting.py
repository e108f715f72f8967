"""What `aclc convert` writes and says at its end."""

from __future__ import annotations

import click

from aclc.cli.outputs import write_file, write_stdout
from aclc.policy.language_document import LanguageDocument
from aclc.policy.model import Policy
from aclc.source import Source


def write_converted(result: Source, out: str | None, words: str) -> None:
    """Write a text to a file, and say so in these words; to standard output where none is named."""
    if out is None:
        write_stdout(result.text)
        return
    write_file(out, [result.text.encode("utf-8", "surrogateescape")])
    click.echo(f"Wrote {out}: {words}", err=True)


def tell_of_promises(policy: Policy, language: str) -> None:
    """Say where promises are that HuJSON has no form for."""
    document = policy.document
    count = len(document.promises) if isinstance(document, LanguageDocument) and language == "hujson" else 0
    if count:
        what = "a promise stands in a comment" if count == 1 else f"{count} promises stand in comments"
        click.echo(f"Note: {what} now; keep them in a properties.aclc beside it to have them decided.", err=True)
