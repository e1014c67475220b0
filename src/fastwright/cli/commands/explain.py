"""`fastwright explain`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fastwright.cli import options


@click.command()
@click.argument("endpoint", default="", metavar="'METHOD PATH'")
@click.option("--body", metavar="TEXT", help="The body, or @FILE; JSON, unless a header says otherwise.")
@click.option(
    "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header; without a value, not sent."
)
@click.option("--query", multiple=True, metavar="NAME=VALUE", help="A value of the query string.")
@click.option("--form", multiple=True, metavar="NAME=VALUE", help="A field of a form.")
@click.option("--file", "files", multiple=True, metavar="NAME=FILE", help="A file of a form.")
@click.option("--curl", default="", metavar="COMMAND", help="A curl command, pasted whole.")
@click.option(
    "--response", metavar="FILE", default="", help="What it was answered with, where the request is not at hand."
)
@click.option("--log", type=options.PATH, metavar="FILE", help="An access log: its refused requests by cause.")
@click.option("--fix", is_flag=True, help="Change the app, where it is at fault: proven on a copy, then landed.")
@options.dry_run
@options.running_project
@options.as_json
@options.debug
def command(
    *,
    endpoint: str,
    body: str | None,
    headers: tuple[str, ...],
    query: tuple[str, ...],
    form: tuple[str, ...],
    files: tuple[str, ...],
    curl: str,
    response: str,
    log: Path | None,
    fix: bool,
    dry_run: bool,
    as_json: bool,
    **where: Any,
) -> None:
    """Tell why a request is refused, and what would be accepted.

    The request runs in the app itself, on a copy and a scratch database, through all of its dependencies. What is
    wrong is corrected, and sent again, until the app accepts it. With an endpoint alone: what it accepts.
    """
    from fastwright.diagnose.inputs import Typed, read_answer
    from fastwright.render.explain import print_explain, print_refusals
    from fastwright.render.explain_fix import explained_as_data
    from fastwright.render.landing import late_progress
    from fastwright.verbs.explain import ExplainRequest, explain, explain_log

    typed = Typed(endpoint=endpoint, body=body, headers=headers, query=query, form=form, files=files, curl=curl)
    request = ExplainRequest(typed=typed, response=read_answer(response), fix=fix, dry_run=dry_run, **where)
    if log is not None:
        refusals = explain_log(request, log)
        click.echo(refusals.model_dump_json()) if as_json else print_refusals(refusals)
        return
    with late_progress(only_live=as_json) as progress:
        found = explain(request, progress)
    click.echo(json.dumps(explained_as_data(found, fix=fix))) if as_json else print_explain(found, fix=fix)
    if not (found.proof.proven if fix else found.verdict == "accepted"):
        raise click.exceptions.Exit(options.NOT_PROVEN)
