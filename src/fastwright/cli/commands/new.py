"""`fastwright new`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastwright.cli import options
from fastwright.cli.options import PATH

if TYPE_CHECKING:
    from fastwright.verbs.new import Workshop


@click.command()
@click.argument("name")
@click.option("--design", type=PATH, metavar="FILE", help="The design, a YAML file.")
@click.option("-r", "--resource", "resources", multiple=True, metavar="SPEC", help="A resource in short, see above.")
@click.option("--from-openapi", type=PATH, metavar="FILE", help="Take the resources from an OpenAPI document.")
@click.option("--from-db", metavar="URL", help="Serve the tables of a database, and keep them.")
@click.option("--with", "options", multiple=True, metavar="NAME", help="Also: http-client, oidc or admin.")
@click.option("--directory", type=PATH, default=Path(), help="Put it there, not here.")
@options.dry_run
@click.option("--explain", is_flag=True, help="Tell the endpoints, who may call them, and what was decided.")
@options.yes
@options.as_json
@options.debug
@click.pass_obj
def command(
    workshop: Workshop | None, name: str, *, explain: bool, yes: bool, as_json: bool, from_db: str | None, **wanted: Any
) -> None:
    """Write a new backend, NAME, and prove it. It runs on SQLite and needs no service.

    \b
    fastwright new shop --design shop.yaml
    fastwright new blog -r "Post title:str(1..200) body:text author:->User" \\
                        -r "Tag name:str(1..40)! posts:<->Post"
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    sources = (wanted["design"], wanted["resources"], wanted["from_openapi"], from_db)
    if not (any(sources) or yes or as_json):
        _confirm_no_resources(name)
    from pydantic import SecretStr

    from fastwright.render.new import new_as_data, print_new
    from fastwright.render.progress import shown_progress
    from fastwright.verbs.new import NewRequest
    from fastwright.verbs.new import new as write_and_prove

    request = NewRequest(name=name, from_db=SecretStr(from_db) if from_db else None, **wanted)
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
