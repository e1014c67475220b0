"""`fastwright draft`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from fastwright.cli import options

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.argument("words", nargs=-1, required=True)
@options.running_project
@options.dry_run
@options.yes
@options.as_json
@options.debug
def command(*, words: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool, **where: Any) -> None:
    """Have a language model write an edit for which there is no verb.

    It reads the project, but never a secret; what it writes is tried on a copy until the proof holds, and lands only
    after you have seen it. It cannot touch tests that are there, settings of tools, or anything outside. The model is
    the one that FASTWRIGHT_MODEL names, or Anthropic's with ANTHROPIC_API_KEY.
    """
    from rich.console import Console

    from fastwright.agent.llm.models import chosen_model

    model = chosen_model()
    from fastwright.agent.llm.drafting import draft_edit, land_draft
    from fastwright.project.where import Where
    from fastwright.render.draft import draft_as_data, print_drafted, print_landed
    from fastwright.render.landing import late_progress

    place, console = Where(**where), Console(highlight=False)
    with late_progress(only_live=as_json) as progress:
        drafted = draft_edit(" ".join(words), place, model, progress=progress)
    if not as_json:
        print_drafted(drafted, console)
    carried = None
    if drafted.draft is not None and not dry_run and _agreed(console, yes=yes, as_json=as_json):
        carried = land_draft(drafted.draft, place)
    if as_json:
        click.echo(json.dumps(draft_as_data(drafted, carried)))
    elif carried is not None:
        print_landed(carried, console)
    if drafted.draft is None or (carried is not None and not carried.landed):
        raise click.exceptions.Exit(options.NOT_PROVEN)


def _agreed(console: Console, *, yes: bool, as_json: bool) -> bool:
    """Ask the person; nobody there to be asked is a no."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        if not as_json:
            console.print("Nothing was written: nobody is here to agree. Run it at a terminal, or with --yes.")
        return False
    return click.confirm("Write it?", default=False, err=True)
