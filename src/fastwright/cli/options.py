"""Options that several commands share, and how their results are told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

NOT_PROVEN = 1
OUR_FAULT = 70
STOPPED = 130

PATH = click.Path(path_type=Path)
_Function = Callable[..., Any]

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an unexpected error.")
dry_run = click.option("--dry-run", is_flag=True, help="Stage and prove, but do not land.")
yes = click.option("--yes", is_flag=True, help="Ask no questions.")
project = click.option("--project", type=PATH, default=Path(), metavar="DIR", help="The project, if not here.")


def running_project(function: _Function) -> _Function:
    """Add what every command has that runs the code of a project: `project`, `python`, `app` and `env_file`."""
    for option in (
        click.option("--env-file", type=PATH, metavar="FILE", help="Variables that the import needs."),
        click.option("--app", metavar="MODULE:ATTRIBUTE", help="The app object, or a factory without arguments."),
        click.option("--python", type=PATH, metavar="EXE", help="The interpreter of the project."),
        project,
    ):
        function = option(function)
    return function


def tell(
    result: Any, as_data: Callable[[Any], Mapping[str, Any]], show: Callable[[Any], None], *, as_json: bool
) -> None:
    """Print a result as JSON, or for people. Ends the command with the exit code for it where it is not `done`."""
    if as_json:
        click.echo(json.dumps(as_data(result)))
    else:
        show(result)
    if not result.done:
        raise click.exceptions.Exit(NOT_PROVEN)
