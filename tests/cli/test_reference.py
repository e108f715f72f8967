"""docs/cli.md tells every command and option as they are. `pytest --update-goldens` writes those parts anew."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import click
import pytest

from aclc.cli import SUBCOMMANDS
from tests.corpus import REPOSITORY

PAGE = REPOSITORY / "docs" / "cli.md"
BLOCK = re.compile(r"<!-- aclc ([a-z-]+): written by its options -->\n(.*?)<!-- end -->", re.DOTALL)


def command(name: str) -> click.Command:
    """Give a subcommand."""
    found: click.Command = import_module(f"aclc.cli.{name.replace('-', '_')}_command").command
    return found


def described(name: str) -> str:
    """Give what the page says of a command: its synopsis, what it does, its options and examples."""
    of = command(name)
    context = click.Context(of, info_name=f"aclc {name}")
    arguments = [each.make_metavar(context) for each in of.params if isinstance(each, click.Argument)]
    lines = ["```text", " ".join([f"aclc {name}", "[OPTIONS]", *arguments]), "```", "", paragraphs(of.help or "")]
    options = [each for each in of.params if isinstance(each, click.Option)]
    if options:
        lines += ["", "| option | |", "|---|---|", *(row(option) for option in options)]
    lines += examples(of.epilog or "")
    return "\n".join(lines) + "\n"


def row(option: click.Option) -> str:
    """Give an option as a row of a table."""
    value = "" if option.is_flag else f" {meaning(option)}"
    names = ", ".join(f"`{name}{value if name.startswith('--') else ''}`" for name in option.opts)
    default = option.default if option.show_default else None
    told = (option.help or "").strip()
    words = " ".join(filter(None, (told, f"Default: `{default}`." if default is not None else "")))
    return f"| {names} | {words} |".replace("  ", " ").replace("|FILE", r"\|FILE")


def meaning(option: click.Option) -> str:
    """Give what stands for an option's value."""
    if isinstance(option.type, click.Choice):
        return r"\|".join(map(str, option.type.choices))
    return option.metavar or option.type.name


def paragraphs(text: str) -> str:
    """Give a docstring's paragraphs as they are."""
    return inspect.cleandoc(text)


def examples(epilog: str) -> list[str]:
    """Give the text below the options as blocks."""
    blocks = inspect.cleandoc(epilog.replace("\b", "")).split("\n\n")
    return [line for block in blocks if block.strip() for line in ("", "```text", inspect.cleandoc(block), "```")]


def test_the_page_tells_of_every_command(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--update-goldens"):
        text = BLOCK.sub(
            lambda found: f"<!-- aclc {found[1]}: written by its options -->\n{described(found[1])}<!-- end -->", text
        )
        PAGE.write_text(text, encoding="utf-8")
    told = dict(BLOCK.findall(text))

    assert sorted(SUBCOMMANDS) == sorted(told)
    assert {name: described(name) for name in SUBCOMMANDS} == told


@pytest.mark.parametrize("name", sorted(SUBCOMMANDS))
def test_every_option_says_what_it_is_for(name: str) -> None:
    """But for those that are the same everywhere, and whose values speak for themselves."""
    options = [each for each in command(name).params if isinstance(each, click.Option)]

    assert set() == {option.name for option in options if not option.help} - {"color", "kind"}
