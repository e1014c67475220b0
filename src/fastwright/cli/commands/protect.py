"""`fastwright protect`."""

from __future__ import annotations

import sys
from typing import Any

import click

from fastwright.cli import options


@click.command(short_help="Put the app's own guard on endpoints, and on no others.")
@click.argument("path")
@click.option("--methods", metavar="M[,M…]", default="", help="These methods alone, such as POST,PUT,DELETE.")
@click.option("--role", help="Let through only callers with this role.")
@click.option("--except", "exceptions", multiple=True, metavar="PATH", help="Leave this path, and all below it, alone.")
@options.running_project
@options.dry_run
@options.yes
@options.as_json
@options.debug
def command(*, methods: str, dry_run: bool, yes: bool, as_json: bool, **where: Any) -> None:
    """Put the app's own guard on the endpoints at PATH and below, and on no others.

    Whose access changes is listed before, and has to be exactly what is seen after it, on a copy: strangers are
    refused, callers whom the guard knows are answered as before, and the project's own tests pass as they did.
    """
    from fastwright.render.landing import late_progress
    from fastwright.render.protect import announcer, print_protect, protect_as_data
    from fastwright.verbs.protect import ProtectRequest
    from fastwright.verbs.protect import protect as protect_and_prove

    named = tuple(method.strip().upper() for method in methods.split(",") if method.strip())
    request = ProtectRequest(methods=named, dry_run=dry_run, **where)
    announce = None if as_json else announcer(ask=sys.stdin.isatty() and not (yes or dry_run))
    with late_progress(only_live=as_json) as progress:
        result = protect_and_prove(request, progress, announce)
    options.tell(result, protect_as_data, print_protect, as_json=as_json)
