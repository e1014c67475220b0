"""`fastwright ask`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastwright.cli import options
from fastwright.errors import FastwrightError, InputError

if TYPE_CHECKING:
    from fastwright.agent.facts import Performed
    from fastwright.agent.plan import Planned, Planner
    from fastwright.agent.project import ProjectView
    from fastwright.agent.run import Announce
    from fastwright.project.where import Where
    from fastwright.proof.model import Progress

_ROUNDS = 5


@click.command(short_help="Say what you want in plain words.")
@click.argument("words", nargs=-1)
@click.option("--plan-only", is_flag=True, help="Show the plan, and run nothing.")
@click.option("--project-map", type=options.PATH, metavar="FILE", help="Plan by this output of map --json.")
@click.option("--batch", is_flag=True, help="Plan JSON lines from standard input, and run nothing.")
@click.option("--model", "by_model", is_flag=True, help="Let a language model plan: FASTWRIGHT_MODEL names it.")
@options.running_project
@options.dry_run
@options.yes
@options.as_json
@options.debug
def command(
    *,
    words: tuple[str, ...],
    plan_only: bool,
    project_map: Path | None,
    batch: bool,
    by_model: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    **where: Any,
) -> None:
    """Say in WORDS what you want: you see the plan, and what of it is proven lands.

    Where the words leave a choice you are asked; a step that does not hold ends the plan, and nothing of it is kept.
    Works offline, and without a language model.
    """
    planner = _planner(where, by_model=by_model)
    if batch:
        _batch(planner)
        return
    text = " ".join(words).strip()
    if not text:
        raise click.UsageError("what do you want? For example: fastwright ask 'paginate the orders'")
    talks = sys.stdin.isatty() and not as_json
    view, unread = _view(project_map, where)
    planned = _planned(planner, text, view, talks=talks and not plan_only)
    if unread is not None and not (planned.plan and all(step.verb == "new" for step in planned.plan)):
        raise unread
    if plan_only or not planned.plan:
        _show(planned, as_json=as_json)
    else:
        _run(planned, where, as_json=as_json, talks=talks, yes=yes, dry_run=dry_run)


def _planner(where: dict[str, Any], *, by_model: bool) -> Planner:
    from fastwright.agent.offline import OfflinePlanner

    if not by_model:
        return OfflinePlanner()
    from fastwright.agent.llm.models import model_planner

    return model_planner(OfflinePlanner(), where["project"], where["env_file"])


def _batch(planner: Planner) -> None:
    from fastwright.agent.batch import answers

    for answer in answers(sys.stdin, planner):
        click.echo(answer)


def _view(project_map: Path | None, where: dict[str, Any]) -> tuple[ProjectView, FastwrightError | None]:
    """Return what is known of the project; where it cannot be read, nothing, and why: a new backend needs none."""
    from fastwright.agent.project import view

    if project_map is not None:
        try:
            return view(json.loads(project_map.read_text(encoding="utf-8"))), None
        except (OSError, ValueError, AttributeError) as error:
            hint = "write one: fastwright map --json > FILE"
            raise InputError(f"{project_map} is no project map: {error}", hint=hint) from error
    from fastwright.verbs.map import MapRequest, map_project

    try:
        return view(map_project(MapRequest(**where)).model_dump(mode="json")), None
    except FastwrightError as error:
        return view({}), error


def _planned(planner: Planner, text: str, view: ProjectView, *, talks: bool) -> Planned:
    """Return the plan; somebody who is there is asked until it is clear."""
    from rich.console import Console

    from fastwright.render.ask import print_questions

    planned = planner.plan(text, view)
    for _round in range(_ROUNDS):
        if not (talks and planned.questions):
            break
        print_questions(planned, Console(stderr=True, highlight=False))
        answer: str = click.prompt("Your answer", err=True)
        choices = planned.questions[0].choices
        chosen = int(answer) - 1 if answer.isdigit() else -1
        text = choices[chosen].words if 0 <= chosen < len(choices) else f"{text.rstrip(' .!?')}: {answer}"
        planned = planner.plan(text, view)
    return planned


def _show(planned: Planned, *, as_json: bool) -> None:
    """Show the plan, or what has to be known first; the exit code is 1 where there is no plan."""
    from rich.console import Console

    from fastwright.render.ask import print_plan, print_questions

    if as_json:
        click.echo(json.dumps(planned.as_data()))
    elif planned.plan:
        print_plan(planned, Console(highlight=False))
    else:
        print_questions(planned, Console(highlight=False))
    if not planned.plan:
        raise click.exceptions.Exit(options.NOT_PROVEN)


def _run(planned: Planned, where: dict[str, Any], *, as_json: bool, talks: bool, yes: bool, dry_run: bool) -> None:
    """Show the plan, have it confirmed if it changes anything, run it, and tell what was done."""
    from rich.console import Console

    from fastwright.render.ask import announcer, print_plan

    side = Console(stderr=True, highlight=False)
    if not as_json:
        print_plan(planned, side)
    _confirm(planned, talks=talks, yes=yes or dry_run)

    from fastwright.project.where import Where
    from fastwright.render.landing import late_progress
    from fastwright.render.performed import ask_as_data, print_story

    announce = None if as_json else announcer(side, len(planned.plan))
    with late_progress(only_live=as_json) as progress:
        performed = _performed(planned, Where(**where), progress, announce, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(ask_as_data(planned, performed)))
    else:
        print_story(planned, performed, Console(highlight=False))
    if not performed[-1].done:
        raise click.exceptions.Exit(options.NOT_PROVEN)


def _performed(
    planned: Planned, where: Where, progress: Progress, announce: Announce | None, *, dry_run: bool
) -> tuple[Performed, ...]:
    """Run the plan on the project; or, with `dry_run`, on a copy of it, and then nothing has landed."""
    from fastwright.agent.rehearsing import rehearsal, unlanded
    from fastwright.agent.run import run

    if not dry_run:
        return tuple(run(planned, where, progress, announce))
    with rehearsal(where, {step.verb for step in planned.plan}) as copy:
        return tuple(unlanded(run(planned, copy, progress, announce)))


def _confirm(planned: Planned, *, talks: bool, yes: bool) -> None:
    """Ask before anything changes. Raises `InputError` where nobody is there to be asked, and `--yes` was not given."""
    if yes or not any(step.changes for step in planned.plan):
        return
    if not talks:
        raise InputError("this plan changes the project, and nobody is there to be asked",
                         hint="see it with --plan-only, and run it with --yes")  # fmt: skip
    click.confirm("Do this?", default=True, abort=True, err=True)
