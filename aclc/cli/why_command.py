"""`aclc why`: is this connection allowed, because of which lines, and if not, what is missing."""

from __future__ import annotations

import re
import sys
from datetime import date

import click

from aclc.cli.asking import Question, ask, proven_remedies
from aclc.cli.days import at_option
from aclc.cli.facts import read_policy_or_complain, read_tailnet_or_complain
from aclc.cli.inputs import FileName, InputError
from aclc.cli.outputs import color_option, output_style, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.diagnostics import did_you_mean, shown
from aclc.dialects.tailscale import TAILSCALE
from aclc.net import parse_prefix
from aclc.reach.population.principals import UnknownPrincipalError
from aclc.reach.questions.misconceptions import remarks
from aclc.reports.why_text import Explained, why_text

HIGHEST_PORT = 65535
_KINDS = frozenset({"tag", "group", "autogroup", "svc", "ipset", "host", "user"})
_NEGATIVE = re.compile(r"-[0-9]+")
_SEVERAL_PORTS = re.compile(r"[0-9]+([-,][0-9]+)+,?")


class _Why(click.Command):
    """Says what a `*` becomes that the shell has seen first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if "unexpected extra argument" not in error.message:
                raise
            raise click.UsageError(f"{error.message}. A `*` has to stand in quotes: '*'", error.ctx) from None


@click.command(
    cls=_Why,
    epilog="""\b
Examples:
  aclc why alice@example.com tag:web:443
  aclc why group:eng 10.20.8.5:5432 --tailnet net.json
  aclc why ada-mac db-prod:22 --ssh-user root --tailnet net.json
  aclc why tag:ci tag:prod:53/udp
  aclc why alice@example.com '[fd7a:115c:a1e0::1]:443'""",
)
@click.argument("src")
@click.argument("dst", metavar="DST[:PORT[/PROTO]]")
@click.option("-p", "--policy", type=FileName(), metavar="FILE", help="Default: policy.hujson or acl.hujson here.")
@tailnet_option("Ask about the nodes of this tailnet.")
@click.option("--ssh-user", "login", metavar="LOGIN", help="Ask for an SSH session as this login, too.")
@click.option("--posture", "facts", multiple=True, metavar="KEY=VALUE", help="An attribute that the source shows.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
@at_option()
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    src: str,
    dst: str,
    policy: str | None,
    tailnets: tuple[str, ...],
    login: str | None,
    facts: tuple[str, ...],
    kind: str,
    color: str,
    at: date | None,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
) -> None:
    """Say whether SRC may connect to DST, through which lines and layers, and what is missing if not.

    SRC and DST are anything that a policy can name, or a node of the tailnet by its name. Without --tailnet the
    question is about every device that SRC and DST could mean. Exits 0 where it is allowed, 1 where it is not.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    tailnets = tailnets or settings.paths("tailnet")
    read = read_policy_or_complain(settings.policy(policy), color, dialect=dialect_of(for_targets, settings), at=at)
    tailnet = read_tailnet_or_complain(tailnets, color)
    target, protocol, port = split_destination(dst)
    if login is not None and port is None:
        port = 22
    if login == "":
        raise InputError("--ssh-user: whose session? Write a login, like root")
    question = Question(src, target, protocol, port, login, tailnet, dict(_fact(each) for each in facts), at)
    try:
        asking = ask(read, question)
    except UnknownPrincipalError as error:
        raise InputError(str(error)) from None
    told = Explained(
        *asking,
        proven_remedies(asking, question),
        tuple(remarks(asking.view, asking.asked, asking.answer)),
    )
    if kind == "json":
        from aclc.reports.why_json import why_json

        write_stdout(why_json(told))
    else:
        write_stdout("".join(why_text(told, output_style(color))))
    sys.exit(0 if asking.answer.verdict == "yes" else 1)


def split_destination(text: str) -> tuple[str, int, int | None]:
    """Split `DST[:PORT[/PROTO]]` into what it names, the protocol (TCP where none is written) and the port (None: any;
    0 for protocols without ports)."""
    head, slash, tail = text.rpartition("/")
    if not slash or ":" not in head or ":" in tail or tail.isdigit():
        name, port = _host_and_port(text, text)
        return name, 6, port
    protocol = TAILSCALE.protocols.get(tail.lower())
    if protocol is None:
        near = did_you_mean(tail, TAILSCALE.protocols)
        what = (
            f"{shown(tail)} in {shown(text)} is no protocol"
            if tail
            else f"{shown(text)}: a protocol is missing behind /"
        )
        raise InputError(f"{what}; {f'did you mean `{near}`?' if near else 'write tcp, udp, sctp, icmp …'}")
    if "/" in head and head.rpartition("/")[2] in TAILSCALE.protocols:
        raise InputError(f"{shown(text)}: ask about one protocol at a time")
    if protocol not in TAILSCALE.protocols_with_ports:
        name, port = _host_and_port(head.removesuffix(":0"), text)
        if port is not None:
            raise InputError(f"`{text}`: {tail} has no ports; write {name}/{tail}")
        return name, protocol, 0
    name, port = _host_and_port(head, text)
    if port is None:
        raise InputError(f"`{text}`: which port? Write {name}:PORT/{tail}")
    return name, protocol, port


def _host_and_port(name: str, whole: str) -> tuple[str, int | None]:
    if name.startswith("["):
        address, bracket, rest = name[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise InputError(f"`{whole}`: write an IPv6 address with a port as [ADDRESS]:PORT")
        return address, _port(rest[1:], whole) if rest else None
    if parse_prefix(name) is not None:
        return name, None
    host, colon, port = name.rpartition(":")
    if colon and host.count(":") < 2 and (not port or _NEGATIVE.fullmatch(port)) and host not in _KINDS:
        what = (
            f"`{port}` in {shown(whole)} is no port" if port else f"{shown(whole)}: a port is missing behind the colon"
        )
        raise InputError(f"{what}; ask about one from 1 to {HIGHEST_PORT}, or leave the colon out for any")
    is_network = "/" in host and parse_prefix(host) is not None
    if not colon or (host.count(":") > 1 and not is_network):
        return name, None
    if not (port.isdigit() or port == "*"):
        if _SEVERAL_PORTS.fullmatch(port):
            raise InputError(f"`{port}` in `{whole}`: ask about one port at a time, or about none for any")
        return name, None
    if host in _KINDS:
        return name, None
    return host, None if port == "*" else _port(port, whole)


def _port(text: str, whole: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 5 or not 1 <= int(text) <= HIGHEST_PORT:
        raise InputError(f"`{text}` in `{whole}` is no port from 1 to {HIGHEST_PORT}")
    return int(text)


def _fact(text: str) -> tuple[str, str | bool | int | float]:
    key, equals, value = text.partition("=")
    if not equals or ":" not in key:
        raise InputError(f"--posture {text}: write it as NAMESPACE:NAME=VALUE, like node:os=linux")
    if value in {"true", "false"}:
        return key, value == "true"
    return key, int(value) if value.isascii() and value.isdigit() and len(value) < 16 else value
