"""`aclc show-settings`: what is in force here, and who said so."""

from __future__ import annotations

import json

import click

from aclc.cli.inputs import FileName
from aclc.cli.outputs import write_stdout
from aclc.cli.settings import config_options, read_settings

_DEFAULTS: dict[str, object] = {"target": "tailscale", "profile": "default", "fail-on": "error"}


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICY]...", type=FileName())
@click.option("--schema", is_flag=True, help="Print the JSON Schema of aclc.toml instead.")
@config_options
def command(policies: tuple[str, ...], schema: bool, config_file: str | None, isolated: bool) -> None:
    """Show which configuration file is read for a policy, and every setting, as TOML that could be written there."""
    from aclc.config import KEYS, config_schema

    if schema:
        write_stdout(json.dumps(config_schema(), indent=1) + "\n")
        return
    settings = read_settings(config_file, isolated=isolated, beside=policies)
    values = dict(settings.config.values) if settings.config is not None else {}
    lines = [f"# {settings.file or 'no configuration file'}"]
    tables = []
    for key in KEYS:
        if isinstance(values.get(key.name), dict):
            rows = (f"{_name(name)} = {_toml(each)}" for name, each in values[key.name].items())
            tables += ["", f"[{key.name}]", *rows]
        elif key.name in values:
            lines.append(f"{key.name} = {_toml(values[key.name])}")
        elif key.name in _DEFAULTS:
            lines.append(f"{key.name} = {_toml(_DEFAULTS[key.name])}  # default")
        else:
            lines.append(f"# {key.name}: not set ({key.says})")
    write_stdout("\n".join([*lines, *tables]) + "\n")


def _name(text: str) -> str:
    return text if text.replace("-", "").isalnum() and text.isascii() else json.dumps(text)


def _toml(value: object) -> str:
    """Give a string or a list of strings as TOML; JSON spells both the same way."""
    return json.dumps(value)
