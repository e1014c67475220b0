"""The terminal door: parse, call a verb, render, and turn errors into exit codes.

Exit codes: 0 done; 1 not proven, and nothing was changed; 2 usage, or an input that cannot be used; 70 a fault of ours.
Imports of anything heavy wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from fastwright import __version__
from fastwright.errors import FastwrightError, InputError

if TYPE_CHECKING:
    from fastwright.design.model import Design

INTERNAL_ERROR = 70


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fastwright")
def cli() -> None:
    """An expert FastAPI backend engineer: nothing lands that was not proven on a staged copy."""


@cli.command()
@click.argument("name")
@click.option("--design", "design_file", type=click.Path(path_type=Path), help="The design, a YAML file.")
@click.option("-r", "--resource", "resources", multiple=True, help='A resource in short, "Post title:str(1..200)".')
@click.option("--directory", type=click.Path(path_type=Path), default=Path(), help="Where the project is put.")
@click.option("--dry-run", is_flag=True, help="Stage and prove, but do not land.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.option("--yes", is_flag=True, help="Ask no questions (there are none today).")
def new(
    name: str,
    design_file: Path | None,
    resources: tuple[str, ...],
    directory: Path,
    *,
    dry_run: bool,
    as_json: bool,
    yes: bool,  # noqa: ARG001 - accepted by every verb that changes something
) -> None:
    """Write a new backend, NAME, and prove it: boots on SQLite with no services.

    \b
    fastwright new shop --design shop.yaml
    fastwright new blog -r "Post title:str(1..200) body:text author:->User" -r "Tag name:str(1..40)! posts:<->Post"
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    from fastwright.render.progress import show_progress
    from fastwright.render.text import render_new
    from fastwright.verbs.new import NewRequest
    from fastwright.verbs.new import new as run

    request = NewRequest(design=_design(name, design_file, resources), directory=directory, dry_run=dry_run)
    with show_progress() as progress:
        result = run(request, progress)
    if as_json:
        click.echo(result.model_dump_json())
    else:
        render_new(result)
    if not result.proof.proven:
        sys.exit(1)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of design files, for editors."""
    from fastwright.design import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


def main() -> NoReturn:
    """Run the command line; the one place where errors become exit codes."""
    as_json = "--json" in sys.argv
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _tell({"message": "interrupted; nothing was changed"}, as_json=as_json)
        sys.exit(130)
    except click.ClickException as error:
        _tell({"message": error.format_message(), "hint": "see `fastwright --help`"}, as_json=as_json)
        sys.exit(InputError.exit_code)
    except FastwrightError as error:
        _tell(error.describe(), as_json=as_json)
        sys.exit(error.exit_code)
    except Exception:  # noqa: BLE001 - whatever it is, people get a sentence, and the trace goes to stderr
        traceback.print_exc()
        hint = "this is a fault in Fastwright; please report it with the lines above. Nothing was changed."
        _tell({"message": "something unexpected happened", "hint": hint}, as_json=as_json)
        sys.exit(INTERNAL_ERROR)
    sys.exit(0)


def _design(name: str, file: Path | None, resources: tuple[str, ...]) -> Design:
    from fastwright.design import read_shorthand, read_yaml

    if file is not None and resources:
        raise InputError("--design and -r exclude each other", hint="put the resource into the file")
    if file is None:
        return read_shorthand(name, resources)
    design = read_yaml(file)
    return design if design.name == name else read_yaml(file).model_copy(update={"name": checked_name(name)})


def checked_name(name: str) -> str:
    """Return `name` if a project can have it; raises `DesignError`."""
    from fastwright.design import read_shorthand

    return read_shorthand(name, ()).name


def _tell(error: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error}))
        return
    location = f"{error['location']}: " if error.get("location") else ""
    click.secho(f"{location}{error['message']}", err=True, fg="red")
    if error.get("hint"):
        click.echo(f"  {error['hint']}", err=True)


if __name__ == "__main__":
    main()
