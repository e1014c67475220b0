"""`fastwright mcp`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from fastwright.cli import options
from fastwright.errors import InputError


@click.command(short_help="Serve the verbs to a coding agent over stdio.")
@click.option("--root", "directories", type=options.PATH, multiple=True, metavar="DIR", help="Work in DIR, not here.")
@click.option("--python", type=options.PATH, metavar="EXE", help="The interpreter of projects that have none.")
@click.option("--yes", is_flag=True, help="Land without a question; for clients that ask before they call a tool.")
@options.debug
def command(*, directories: tuple[Path, ...], python: Path | None, yes: bool) -> None:
    """Serve the verbs to a coding agent, as tools of an MCP server over standard input and output.

    No project outside of the directory in which it is started, or of those named with --root, can be reached.

    \b
    claude mcp add fastwright -- fastwright mcp
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    if find_spec("mcp") is None:
        raise InputError("this needs the MCP SDK, which is not installed", hint="pip install 'fastwright[mcp]'")
    from fastwright.mcp.roots import roots
    from fastwright.mcp.server import build_server

    build_server(roots(directories, python), yes=yes).run()
