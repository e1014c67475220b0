"""`fastwright undo`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fastwright.cli import options


@click.command(short_help="Take back what has landed.")
@click.argument("change", required=False)
@options.project
@click.option("--list", "as_list", is_flag=True, help="List what has landed, the newest first.")
@click.option(
    "--keep-edits", is_flag=True, help="Keep what was edited since, where it leaves the change's lines alone."
)
@click.option("--dry-run", is_flag=True, help="Show what it would do.")
@options.as_json
@options.debug
def command(
    *, change: str | None, project: Path, as_list: bool, keep_edits: bool, dry_run: bool, as_json: bool
) -> None:
    """Take back the last change, or everything that landed from CHANGE on.

    Every file that it touched is again what it was, byte for byte. If one was edited since, nothing is done.
    """
    from fastwright.render.undo import print_changes, print_undo
    from fastwright.verbs.undo import UndoRequest, list_changes
    from fastwright.verbs.undo import undo as take_back

    if as_list:
        changes = list_changes(project)
        if as_json:
            click.echo(json.dumps({"changes": [one.model_dump(mode="json") for one in changes]}))
        else:
            print_changes(changes)
        return
    result = take_back(UndoRequest(project=project, change=change, keep_edits=keep_edits, dry_run=dry_run))
    if as_json:
        click.echo(result.model_dump_json())
    else:
        print_undo(result)
