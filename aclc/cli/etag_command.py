"""`aclc etag`: the name that the control plane gives to this version of a policy."""

from __future__ import annotations

import sys
from hashlib import sha256

import click

from aclc.cli.fmt_command import formatted_or_complain
from aclc.cli.inputs import FileName, policies_or_default, read_source
from aclc.cli.outputs import color_option, write_stdout
from aclc.cli.settings import config_options, read_settings


@click.command(
    epilog="""\b
Examples:
  aclc etag policy.hujson
  curl -H "If-Match: $(aclc etag --quotes policy.hujson)" …   replace only this very version"""
)
@click.argument("policy", required=False, type=FileName())
@click.option("--quotes", is_flag=True, help="In double quotes, as HTTP headers have it.")
@color_option
@config_options
def command(policy: str | None, quotes: bool, color: str, config_file: str | None, isolated: bool) -> None:
    """Print the SHA-256 of the formatted policy, which is its ETag on the control plane."""
    named = (policy,) if policy else ()
    settings = read_settings(config_file, isolated=isolated, beside=named)
    source = read_source(policies_or_default(named or settings.paths("policy"))[0])
    formatted = formatted_or_complain(source, color)
    if formatted is None:
        sys.exit(1)
    etag = sha256(formatted.encode("utf-8", "surrogateescape")).hexdigest()
    write_stdout(f'"{etag}"\n' if quotes else f"{etag}\n")
