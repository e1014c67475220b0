"""`fastwright prove`."""

from __future__ import annotations

from typing import Any

import click

from fastwright.cli import options


@click.command()
@click.option("--base", metavar="REV", help="The commit to compare with; HEAD, or where the branch began.")
@options.running_project
@click.option("--allow", multiple=True, metavar="WHAT", help="What is meant to break: a rule, an endpoint, or both.")
@click.option("--no-tests", is_flag=True, help="Do not run the project's tests.")
@click.option("--no-queries", is_flag=True, help="Do not count the statements of requests.")
@click.option("--timeout", type=click.FloatRange(min=1), default=600.0, help="Seconds for the tests of one tree.")
@click.option("--markdown", is_flag=True, help="Print a summary for a pull request.")
@options.as_json
@options.debug
def command(
    *,
    allow: tuple[str, ...],
    no_tests: bool,
    no_queries: bool,
    timeout: float,
    markdown: bool,
    as_json: bool,
    **where: Any,
) -> None:
    """Prove the change in the work tree, whoever made it.

    It is compared with a commit: who may call what, the contract, the tests, the migrations, and the
    statements per request. Exit 1 if something worked before and does not now, or if an endpoint became public.

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

    request = ProveRequest(**where, allow=allow, tests=not no_tests, queries=not no_queries, seconds=timeout)
    with shown_progress(only_live=as_json or markdown) as progress:
        result = hold_against_base(request, progress)
    if as_json:
        click.echo(result.model_dump_json())
    elif markdown:
        click.echo(as_markdown(result))
    else:
        print_prove(result)
    if result.verdict == "broken":
        raise click.exceptions.Exit(options.NOT_PROVEN)
