"""`fastwright upgrade`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fastwright.cli import options


@click.command(short_help="Take over a newer template or a changed design.")
@click.option("--design", type=options.PATH, metavar="FILE", help="Bring it to this design, a YAML file.")
@click.option("--keep", multiple=True, metavar="PATH", help="Leave this file as it is, whatever the template changed.")
@options.running_project
@options.dry_run
@options.as_json
@options.debug
def command(*, design: Path | None, keep: tuple[str, ...], dry_run: bool, as_json: bool, **where: Any) -> None:
    """Bring a project that `new` wrote to today's template, or to a changed design, and keep every edit.

    What was generated is in its fastwright.lock, so each file is merged three ways. Where you and the template changed
    the same lines, both are shown and nothing is written. Tables change by a new revision; those that are there stay.
    """
    from fastwright.render.landing import late_progress
    from fastwright.render.upgrade import print_upgrade, upgrade_as_data
    from fastwright.verbs.upgrade import UpgradeRequest, upgrade

    request = UpgradeRequest(design=design, keep=keep, dry_run=dry_run, **where)
    with late_progress(only_live=as_json) as progress:
        result = upgrade(request, progress)
    options.tell(result, upgrade_as_data, print_upgrade, as_json=as_json)
