"""The commands, found in their folder and imported only when they are needed, so that each starts at once."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

import click

from fastwright import __version__
from fastwright.cli import commands


class Found(click.Group):
    """A group whose commands are the modules of `fastwright.cli.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        return list(names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in names():
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        command.name = cmd_name
        return command


@cache
def names() -> Sequence[str]:
    """Return the names of all commands, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(commands.__path__)))


@click.group(cls=Found, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fastwright", message="%(prog)s %(version)s")
def cli() -> None:
    """An expert FastAPI backend engineer: nothing lands that was not proven on a staged copy."""
