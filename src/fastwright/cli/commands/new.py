"""`fastwright new`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastwright.cli import options
from fastwright.cli.options import PATH

if TYPE_CHECKING:
    from fastwright.verbs.new import Workshop


@click.command()
@click.argument("name")
@click.option("--design", type=PATH, metavar="FILE", help="The design, a YAML file.")
@click.option("-r", "--resource", "resources", multiple=True, metavar="SPEC", help="A resource in short, see above.")
@click.option("--directory", type=PATH, default=Path(), help="Put it there, not here.")
@options.dry_run
@click.option("--explain", is_flag=True, help="Tell the endpoints, who may call them, and what was decided.")
@options.yes
@options.as_json
@options.debug
@click.pass_obj
def command(
    workshop: Workshop | None,
    name: str,
    *,
    design: Path | None,
    resources: tuple[str, ...],
    directory: Path,
    dry_run: bool,
    explain: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Write a new backend, NAME, and prove it. It runs on SQLite and needs no service.

    \b
    fastwright new shop --design shop.yaml
    fastwright new blog -r "Post title:str(1..200) body:text author:->User" \\
                        -r "Tag name:str(1..40)! posts:<->Post"
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    if not (design or resources or yes or as_json):
        _confirm_no_resources(name)
    from fastwright.render.progress import shown_progress
    from fastwright.render.text import new_as_data, print_new
    from fastwright.verbs.new import NewRequest
    from fastwright.verbs.new import new as write_and_prove

    request = NewRequest(name=name, design=design, resources=resources, directory=directory, dry_run=dry_run)
    with shown_progress(only_live=as_json) as progress:
        result = write_and_prove(request, progress, workshop)
    if as_json:
        click.echo(json.dumps(new_as_data(result)))
    else:
        print_new(result, explain=explain)
    if not result.proof.proven:
        raise click.exceptions.Exit(options.NOT_PROVEN)


def _confirm_no_resources(name: str) -> None:
    if sys.stdin.isatty():
        click.confirm(f"{name} has no resources, only accounts and logins. Go on?", default=True, abort=True, err=True)
