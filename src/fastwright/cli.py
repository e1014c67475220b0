"""The terminal door: parse, call a verb, render, and turn errors into exit codes.

Exit codes: 0 done; 1 not proven, and then nothing was changed; 2 usage, or an input that cannot be used; 70 a fault of
ours; 130 stopped. Imports of anything heavy wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from fastwright import __version__
from fastwright.errors import FastwrightError, InputError

if TYPE_CHECKING:
    from fastwright.verbs.new import Workshop

NOT_PROVEN = 1
OUR_FAULT = 70
STOPPED = 130

Command = Callable[..., None]
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an unexpected error.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fastwright", message="%(prog)s %(version)s")
def cli() -> None:
    """An expert FastAPI backend engineer: nothing lands that was not proven on a staged copy."""


@cli.command()
@click.argument("name")
@click.option("--design", type=click.Path(path_type=Path), metavar="FILE", help="The design, a YAML file.")
@click.option("-r", "--resource", "resources", multiple=True, metavar="SPEC", help="A resource in short, see above.")
@click.option("--directory", type=click.Path(path_type=Path), default=Path(), help="Put it there, not here.")
@click.option("--dry-run", is_flag=True, help="Stage and prove, but do not land.")
@click.option("--explain", is_flag=True, help="Tell the endpoints, who may call them, and what was decided.")
@click.option("--yes", is_flag=True, help="Ask no questions.")
@as_json
@debug
@click.pass_obj
def new(
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
        raise click.exceptions.Exit(NOT_PROVEN)


@cli.command("map")
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), metavar="DIR", help="The project, if not here."
)
@click.option("--python", type=click.Path(path_type=Path), metavar="EXE", help="The interpreter of the project.")
@click.option("--app", metavar="MODULE:ATTRIBUTE", help="The app object, or a factory without arguments.")
@click.option("--env-file", type=click.Path(path_type=Path), metavar="FILE", help="Variables that the import needs.")
@click.option("--static", is_flag=True, help="Run nothing of it: read the source, and tell what that leaves open.")
@as_json
@debug
def map_command(
    *, project: Path, python: Path | None, app: str | None, env_file: Path | None, static: bool, as_json: bool
) -> None:
    """Tell what a project is: its endpoints and who may call them, its models, and how it does things.

    The app is imported from a copy, in its own interpreter, with no way to its databases or the network; then each
    endpoint is called without credentials, to see whether that is refused.
    """
    from fastwright.render.map import print_map
    from fastwright.verbs.map import MapRequest, map_project

    found = map_project(MapRequest(project=project, python=python, app=app, env_file=env_file, static=static))
    if as_json:
        click.echo(found.model_dump_json())
    else:
        print_map(found)


@cli.command()
@click.argument("change", required=False)
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), metavar="DIR", help="The project, if not here."
)
@click.option("--list", "as_list", is_flag=True, help="List what has landed, the newest first.")
@click.option(
    "--keep-edits", is_flag=True, help="Keep what was edited since, where it leaves the change's lines alone."
)
@click.option("--dry-run", is_flag=True, help="Show what it would do.")
@as_json
@debug
def undo(*, change: str | None, project: Path, as_list: bool, keep_edits: bool, dry_run: bool, as_json: bool) -> None:
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


@cli.command()
@debug
def schema() -> None:
    """Print the JSON Schema of design files, for editors."""
    from fastwright.design import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


def main(workshop: Workshop | None = None) -> NoReturn:
    """Run the command line; when we are told to end, everything that was started ends, and is removed, first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _stop)
    sys.exit(run(sys.argv[1:], workshop))


def run(arguments: Sequence[str], workshop: Workshop | None = None) -> int:
    """Run one command and return its exit code: the one place where errors become exit codes."""
    try:
        code: object = cli.main(list(arguments), prog_name="fastwright", standalone_mode=False, obj=workshop)
    except click.Abort:
        return _tell([{"message": "stopped; nothing was written", "hint": "run it again"}], arguments, STOPPED)
    except click.ClickException as error:
        return _tell([{"message": error.format_message(), "hint": _usage_hint(error)}], arguments, InputError.exit_code)
    except FastwrightError as error:
        return _tell([problem.describe() for problem in error.problems or (error,)], arguments, error.exit_code)
    except Exception as error:  # noqa: BLE001 - whatever it is, people get a sentence
        if "--debug" in arguments:
            traceback.print_exc()
        return _tell([_apology(error)], arguments, OUR_FAULT)
    return code if isinstance(code, int) else 0


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _confirm_no_resources(name: str) -> None:
    if sys.stdin.isatty():
        click.confirm(f"{name} has no resources, only accounts and logins. Go on?", default=True, abort=True, err=True)


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see {context.command_path if context else 'fastwright'} --help"


def _apology(error: Exception) -> dict[str, object]:
    return {
        "message": f"sorry, this is a fault in Fastwright: {type(error).__name__}: {error}",
        "hint": "run it again with --debug, and report what it prints; nothing was written in part",
    }


def _tell(problems: Sequence[Mapping[str, object]], arguments: Sequence[str], code: int) -> int:
    """Show what is wrong: as the one JSON object on standard output, or in sentences on standard error."""
    if "--json" in arguments:
        several = {"problems": problems} if len(problems) > 1 else {}
        click.echo(json.dumps({"error": {**problems[0], **several}}))
        return code
    for problem in problems:
        place = str(problem.get("location") or "error")
        click.echo(f"{click.style(place, fg='red', bold=True)}: {problem['message']}", err=True)
        if problem.get("hint"):
            click.echo(f"  {click.style('hint', fg='cyan')}: {problem['hint']}", err=True)
    return code
