"""`fastwright map`."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from fastwright.cli import options


@click.command(short_help="Tell what a project is, and who may call what.")
@options.running_project
@click.option("--static", is_flag=True, help="Run nothing of it: read the source, and tell what that leaves open.")
@options.as_json
@options.debug
def command(
    *, project: Path, python: Path | None, app: str | None, env_file: Path | None, static: bool, as_json: bool
) -> None:
    """Tell what a project is: its endpoints and who may call them, its models, and how it does things.

    The app is imported from a copy, in its own interpreter, with no way to its databases or the network; then each
    endpoint is called without credentials, to see whether that is refused.
    """
    gc.disable()  # the process ends with this, and to look for garbage takes longer than to read the trees
    from fastwright.verbs.map import MapRequest, map_project

    found = map_project(MapRequest(project=project, python=python, app=app, env_file=env_file, static=static))
    if as_json:
        click.echo(found.model_dump_json())
    else:
        from fastwright.render.map import print_map

        print_map(found)
