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
from typing import TYPE_CHECKING, Any, NoReturn

import click

from fastwright import __version__
from fastwright.errors import FastwrightError, InputError

if TYPE_CHECKING:
    from fastwright.verbs.new import Workshop

NOT_PROVEN = 1
OUR_FAULT = 70
STOPPED = 130

PATH = click.Path(path_type=Path)
Command = Callable[..., None]
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an unexpected error.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="fastwright", message="%(prog)s %(version)s")
def cli() -> None:
    """An expert FastAPI backend engineer: nothing lands that was not proven on a staged copy."""


@cli.command()
@click.argument("name")
@click.option("--design", type=PATH, metavar="FILE", help="The design, a YAML file.")
@click.option("-r", "--resource", "resources", multiple=True, metavar="SPEC", help="A resource in short, see above.")
@click.option("--directory", type=PATH, default=Path(), help="Put it there, not here.")
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
@click.option("--project", type=PATH, default=Path(), metavar="DIR", help="The project, if not here.")
@click.option("--python", type=PATH, metavar="EXE", help="The interpreter of the project.")
@click.option("--app", metavar="MODULE:ATTRIBUTE", help="The app object, or a factory without arguments.")
@click.option("--env-file", type=PATH, metavar="FILE", help="Variables that the import needs.")
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
@click.option("--project", type=PATH, default=Path(), metavar="DIR", help="The project, if not here.")
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
@click.argument("path")
@click.option("--methods", metavar="M[,M…]", default="", help="These methods alone, such as POST,PUT,DELETE.")
@click.option("--role", help="Let through only callers with this role.")
@click.option("--except", "exceptions", multiple=True, metavar="PATH", help="Leave this path, and all below it, alone.")
@click.option("--project", type=PATH, default=Path(), metavar="DIR", help="The project, if not here.")
@click.option("--python", type=PATH, metavar="EXE", help="The interpreter of the project.")
@click.option("--app", metavar="MODULE:ATTRIBUTE", help="The app object, or a factory without arguments.")
@click.option("--env-file", type=PATH, metavar="FILE", help="Variables that the import needs.")
@click.option("--dry-run", is_flag=True, help="Stage and prove, but do not land.")
@click.option("--yes", is_flag=True, help="Ask no questions.")
@as_json
@debug
def protect(*, methods: str, dry_run: bool, yes: bool, as_json: bool, **options: Any) -> None:
    """Put the app's own guard on the endpoints at PATH and below, and on no others.

    Whose access changes is listed before, and has to be exactly what is seen after it, on a copy: strangers are
    refused, callers whom the guard knows are answered as before, and the project's own tests pass as they did.
    """
    from fastwright.render.protect import announcer, late_progress, print_protect, protect_as_data
    from fastwright.verbs.protect import ProtectRequest
    from fastwright.verbs.protect import protect as protect_and_prove

    named = tuple(method.strip().upper() for method in methods.split(",") if method.strip())
    request = ProtectRequest(methods=named, dry_run=dry_run, **options)
    announce = None if as_json else announcer(ask=sys.stdin.isatty() and not (yes or dry_run))
    with late_progress(only_live=as_json) as progress:
        result = protect_and_prove(request, progress, announce)
    if as_json:
        click.echo(json.dumps(protect_as_data(result)))
    else:
        print_protect(result)
    if not result.done:
        raise click.exceptions.Exit(NOT_PROVEN)


@cli.command()
@click.option("--base", metavar="REV", help="The commit to compare with; HEAD, or where the branch began.")
@click.option("--project", type=PATH, default=Path(), metavar="DIR", help="The project, if not here.")
@click.option("--python", type=PATH, metavar="EXE", help="The interpreter of the project.")
@click.option("--app", metavar="MODULE:ATTRIBUTE", help="The app object, or a factory without arguments.")
@click.option("--env-file", type=PATH, metavar="FILE", help="Variables that the import needs.")
@click.option("--allow", multiple=True, metavar="WHAT", help="What is meant to break: a rule, an endpoint, or both.")
@click.option("--no-tests", is_flag=True, help="Do not run the project's tests.")
@click.option("--timeout", type=click.FloatRange(min=1), default=600.0, help="Seconds for the tests of one tree.")
@click.option("--markdown", is_flag=True, help="Print a summary for a pull request.")
@as_json
@debug
def prove(
    *, allow: tuple[str, ...], no_tests: bool, timeout: float, markdown: bool, as_json: bool, **where: Any
) -> None:
    """Prove the change in the work tree, whoever made it.

    It is compared with a commit: who may call what, the contract, the tests, and the migrations. Exit 1 if
    something worked before and does not now, or if an endpoint became public.

    \b
    fastwright prove --base origin/main
    fastwright prove --allow "auth-required GET /items" --markdown
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    if markdown and as_json:
        raise click.UsageError("--json and --markdown cannot be combined")
    from fastwright.render.progress import shown_progress
    from fastwright.render.prove import as_markdown, print_prove
    from fastwright.verbs.prove import ProveRequest
    from fastwright.verbs.prove import prove as hold_against_base

    request = ProveRequest(**where, allow=allow, tests=not no_tests, seconds=timeout)
    with shown_progress(only_live=as_json or markdown) as progress:
        result = hold_against_base(request, progress)
    if as_json:
        click.echo(result.model_dump_json())
    elif markdown:
        click.echo(as_markdown(result))
    else:
        print_prove(result)
    if result.verdict == "broken":
        raise click.exceptions.Exit(NOT_PROVEN)


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
