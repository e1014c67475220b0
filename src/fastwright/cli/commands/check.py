"""`fastwright check`."""

from __future__ import annotations

import gc
import json
from typing import Any

import click

from fastwright.cli import options

FORMATS = ("text", "json", "sarif", "github", "html")


@click.command(short_help="Audit a project, with reasons and fixes.")
@click.argument("paths", nargs=-1, type=options.PATH)
@click.option("--under", metavar="PATH", default="", help="Endpoints at this path and below, such as /orders.")
@click.option("--select", metavar="R[,R…]", default="", help="Only these rules, or categories of rules.")
@click.option("--ignore", metavar="R[,R…]", default="", help="Not these rules, or categories of rules.")
@click.option("--static", is_flag=True, help="Run nothing of it: read the source alone.")
@click.option("--ruff", is_flag=True, help="Also tell what ruff says (FAST, ASYNC, S, B) of other lines.")
@click.option("--coverage", is_flag=True, help="Run the project's tests on a copy: which endpoints does none call?")
@click.option("--rows", is_flag=True, help="Call every GET of a copy with rows in its tables: do secrets come back?")
@click.option("--access", is_flag=True, help="Show who may call what, endpoints by roles, instead of findings.")
@click.option("--fix", is_flag=True, help="Fix what has one safe answer: proven on a copy, then landed.")
@options.dry_run
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to print it.")
@click.option("--baseline", type=options.PATH, metavar="FILE", help="Tell only what is not in this file.")
@click.option("--write-baseline", type=options.PATH, metavar="FILE", help="Write what is found to this file.")
@click.option("--list", "list_only", is_flag=True, help="List the rules, and check nothing.")
@options.running_project
@options.as_json
@options.debug
def command(*, select: str, ignore: str, list_only: bool, access: bool, form: str, as_json: bool, **where: Any) -> None:
    """Audit a project: what is wrong, where, why it hurts, and how that is known.

    The app is imported from a copy, and each endpoint is called without credentials; its code is followed from the
    endpoints through services and repositories. A comment allows one finding:
    `# fastwright: allow RULE — the reason`.
    """
    form = "json" if as_json else form
    where |= {"select": _names(select), "ignore": _names(ignore)}
    fix, dry_run = where.pop("fix"), where.pop("dry_run")
    if list_only:
        _list()
        return
    if fix:
        clean = _fix(where, as_json=form == "json", dry_run=dry_run)
    else:
        clean = _access(form, where) if access else _check(form, where)
    if not clean:
        raise click.exceptions.Exit(options.NOT_PROVEN)


def _check(form: str, asked: dict[str, Any]) -> bool:
    # The process ends with this; to look for garbage among the trees takes longer than all rules do.
    gc.disable()
    if form == "html":
        raise click.UsageError("only --access has a page: --access --format html")
    from fastwright.verbs.check import CheckRequest, check

    result = check(CheckRequest(**asked))
    if form == "text":
        from fastwright.render.check import print_check

        print_check(result)
    elif form == "json":
        from fastwright.render.check import result_as_json

        click.echo(result_as_json(result))
    elif form == "sarif":
        from fastwright.render.sarif import sarif

        click.echo(json.dumps(sarif(result), indent=2))
    else:
        from fastwright.render.github import commands

        for line in commands(result):
            click.echo(line)
    return result.clean


def _fix(asked: dict[str, Any], *, as_json: bool, dry_run: bool) -> bool:
    from fastwright.render.check_fix import print_fix
    from fastwright.render.landing import late_progress
    from fastwright.verbs.check import CheckRequest
    from fastwright.verbs.fixing import fix

    with late_progress(only_live=as_json) as progress:
        result = fix(CheckRequest(**asked), dry_run=dry_run, progress=progress)
    if as_json:
        click.echo(result.model_dump_json())
    else:
        print_fix(result)
    return result.done


def _access(form: str, asked: dict[str, Any]) -> bool:
    from fastwright.verbs.access_matrix import AccessRequest, access

    if form not in ("text", "json", "html"):
        raise click.UsageError(f"--access is not printed as {form}: text, json or html")
    known = AccessRequest.model_fields
    matrix = access(AccessRequest(**{name: value for name, value in asked.items() if name in known}))
    if form == "json":
        click.echo(matrix.model_dump_json())
    else:
        from fastwright.render.check_access import page, print_access

        click.echo(page(matrix)) if form == "html" else print_access(matrix)
    return not matrix.differences


def _list() -> None:
    from fastwright.render.check import print_rules
    from fastwright.verbs.check import describe_rules

    print_rules(describe_rules())


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())
