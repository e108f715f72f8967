"""`aclc convert`: one policy in another language or form, proven to mean the same before anything is written."""

from __future__ import annotations

import sys

import click

from aclc.cli.facts import read_policy_or_complain
from aclc.cli.inputs import InputError
from aclc.cli.outputs import output_style, write_file, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.policy.read_language import read_language
from aclc.policy.to_grants import acls_as_grants
from aclc.policy.write_hujson import hujson_text
from aclc.policy.write_language import language_text
from aclc.reach.diff import diff
from aclc.reports.diff_text import diff_text
from aclc.source import Source
from aclc.syntax.comments import hujson_comments, language_comments

LANGUAGE_SUFFIX = ".aclc"


@click.command(
    epilog="""\b
Examples:
  aclc convert policy.hujson -o policy.aclc       into the aclc language
  aclc convert policy.aclc -o policy.hujson       back, ready to push
  aclc convert policy.hujson --acls-to-grants     the same policy with grants only"""
)
@click.argument("policy", required=False)
@click.option("-o", "--out", metavar="FILE", help="Write here; the suffix says the language.")
@click.option(
    "--to", type=click.Choice(["hujson", "aclc"]), help="Default: by --out's suffix, else the other language."
)
@click.option("--acls-to-grants", is_flag=True, help="Turn acls into grants.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@config_options
def command(
    policy: str | None,
    out: str | None,
    to: str | None,
    acls_to_grants: bool,
    color: str,
    config_file: str | None,
    isolated: bool,
) -> None:
    """Write a policy in the aclc language, as HuJSON, or with grants instead of acls.

    The result is read again and proven to give the same access in every tailnet, and to hold the same tests. Where it
    does not, the difference is shown, nothing is written, and the exit code is 1.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    name = settings.policy(policy)
    read = read_policy_or_complain(name, color)
    is_language = name.endswith(LANGUAGE_SUFFIX)
    target = to or _language_of(out) or (("aclc" if is_language else "hujson") if acls_to_grants else "")
    target = target or ("hujson" if is_language else "aclc")
    text = converted(read, target, acls_to_grants=acls_to_grants)
    source = Source(out or f"converted.{target}", text)
    again = (read_language(source) if target == "aclc" else read_policy(source)).value
    if again is None:
        raise InputError(f"{name}: cannot be converted; this is a fault of aclc, please report it")
    found = diff(read, again)
    if found.changes_access or found.assertions or found.doubts:
        click.echo(f"{name}: the converted policy would not be the same; nothing was written.", err=True)
        write_stdout("".join(diff_text(found, output_style(color))))
        sys.exit(1)
    if out is None:
        write_stdout(text)
    else:
        write_file(out, [text.encode()])
        click.echo(f"Wrote {out}: the same access in every tailnet, proven.", err=True)


def converted(policy: Policy, target: str, *, acls_to_grants: bool = False) -> str:
    """Give a policy's text in a language (`hujson` or `aclc`), comments kept."""
    document = policy.document
    source = document.span(()).source
    comments = (language_comments if source.name.endswith(LANGUAGE_SUFFIX) else hujson_comments)(source.text)
    value = getattr(document, "value", None)
    if not isinstance(value, dict):
        raise InputError(f"{source.name}: holds no policy to convert")
    if acls_to_grants:
        value = acls_as_grants(value)
        moved = read_policy(Source(source.name, hujson_text(document, value, comments)))
        if moved.value is None:
            raise InputError(f"{source.name}: cannot be converted; this is a fault of aclc, please report it")
        document, source = moved.value.document, moved.value.document.span(()).source
        policy, comments = moved.value, hujson_comments(source.text)
    return language_text(policy, value, comments) if target == "aclc" else hujson_text(document, value, comments)


def _language_of(path: str | None) -> str | None:
    return None if path is None else "aclc" if path.endswith(LANGUAGE_SUFFIX) else "hujson"
