"""`fastwright add`: a command for each recipe, built from what the recipe can be asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args, get_origin

import click

from fastwright.cli import options

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from fastwright.recipes._recipe import AnyRecipe


class _Capabilities(click.Group):
    """The recipes as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        from fastwright.recipes._catalog import recipes

        return list(recipes())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        from fastwright.recipes._catalog import recipe_named

        return _command(recipe_named(cmd_name))


@click.group(cls=_Capabilities, subcommand_metavar="CAPABILITY [OPTIONS]")
def command() -> None:
    """Add a capability to an app that exists, in the app's own style.

    It is written on a copy and lands only if what worked before still works there, and what was asked for works now
    and did not before. Each capability tells its options: fastwright add CAPABILITY --help.
    """


def _command(recipe: AnyRecipe) -> click.Command:
    parameters = [*_parameters(recipe)]
    names = {parameter.name or "" for parameter in parameters}

    @options.running_project
    @options.dry_run
    @options.yes
    @options.as_json
    @options.debug
    def run(*, as_json: bool, yes: bool, dry_run: bool, **given: Any) -> None:
        args = {name: value for name in names if (value := given.pop(name)) not in (None, ())}
        _add(recipe.name, args, as_json=as_json, ask=not (yes or dry_run), dry_run=dry_run, **given)

    made = click.command(recipe.name, help=_help(recipe), short_help=recipe.summary)(run)
    made.params = [*parameters, *made.params]
    return made


def _help(recipe: AnyRecipe) -> str:
    """Return the summary as a sentence, what is written and proven, and what the arguments are."""
    fields = recipe.wish.model_fields
    arguments = [f"{name.upper()}: {fields[name].description}" for name in recipe.wish.positional]
    return "\n\n".join([f"{recipe.summary[0].upper()}{recipe.summary[1:]}.", recipe.about, *arguments])


def _add(capability: str, args: dict[str, Any], *, as_json: bool, ask: bool, **where: Any) -> None:
    from fastwright.render.add import add_as_data, announcer, print_add
    from fastwright.render.landing import late_progress
    from fastwright.verbs.add import AddRequest, add

    request = AddRequest.model_validate({"capability": capability, "args": args, **where})
    announce = None if as_json else announcer(ask=ask and sys.stdin.isatty())
    with late_progress(only_live=as_json) as progress:
        result = add(request, progress, announce)
    options.tell(result, add_as_data, print_add, as_json=as_json)


def _parameters(recipe: AnyRecipe) -> Iterator[click.Parameter]:
    """Yield the arguments and options for the fields of a wish; a tuple is an option that can be repeated."""
    for name in recipe.wish.positional:
        field = recipe.wish.model_fields[name]
        several = _is_several(field)
        metavar = name.upper() if field.is_required() else f"[{name.upper()}]"
        yield click.Argument(
            [name],
            required=field.is_required(),
            nargs=-1 if several else 1,
            metavar=f"{metavar}…" if several else metavar,
        )
    for name, field in recipe.wish.model_fields.items():
        if name not in recipe.wish.positional:
            written = (field.alias or name).replace("_", "-")
            yield click.Option(
                [f"--{written}", name],
                multiple=_is_several(field),
                is_flag=field.annotation is bool,
                default=None,
                required=field.is_required(),
                metavar=None if field.annotation is bool else field.title or written.upper(),
                help=field.description,
            )


def _is_several(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is tuple or any(get_origin(one) is tuple for one in get_args(field.annotation))
