"""`fastwright optimize`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fastwright.cli import options


def _sizes(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter("write it as 3,30") from error


@click.command(short_help="Count statements per request; fix what grows.")
@click.argument("path", default="")
@click.option(
    "--sizes", default="3,30", callback=_sizes, metavar="N,M", show_default=True, help="Rows to measure with."
)
@click.option("--writes", is_flag=True, help="Measure POST, PUT, PATCH and DELETE, too.")
@click.option("--indexes", is_flag=True, help="Add indexes that are missing, with a migration.")
@click.option("--html", type=options.PATH, metavar="FILE", help="Write the report with its charts to this file, too.")
@options.running_project
@options.dry_run
@options.yes
@options.as_json
@options.debug
def command(*, html: Path | None, dry_run: bool, yes: bool, as_json: bool, **where: Any) -> None:
    """Measure how the statements of each endpoint grow with the rows, and fix what grows.

    A copy of the app is run on a scratch database with few rows and with many. What takes more statements for more
    rows is followed to the line that causes it. An edit lands only if, measured again, the growth is gone, every
    endpoint answers as before, and the project's own tests pass as they did. PATH chooses the endpoints to fix.
    """
    from fastwright.render.landing import late_progress
    from fastwright.render.optimize import announcer, optimize_as_data, print_optimize
    from fastwright.verbs.optimize import OptimizeRequest, optimize

    request = OptimizeRequest(dry_run=dry_run, **where)
    announce = None if as_json else announcer(ask=sys.stdin.isatty() and not (yes or dry_run))
    with late_progress(only_live=as_json) as progress:
        result = optimize(request, progress, announce)
    if html is not None:
        from fastwright.render.optimize_html import optimize_as_html

        html.write_text(optimize_as_html(result), encoding="utf-8")
    options.tell(result, optimize_as_data, print_optimize, as_json=as_json)
