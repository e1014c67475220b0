"""Write docs/capabilities.md from the recipes themselves: run it when one was added, or tells something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from fastwright.recipes._catalog import recipes
from fastwright.recipes._recipe import AnyRecipe

PAGE = Path(__file__).resolve().parent.parent / "docs" / "capabilities.md"

HEAD = """\
# What can be added to an app that exists

    fastwright add CAPABILITY [ARGUMENTS] [--dry-run]

Each capability is written in the app's own style: its layout, its way of declaring dependencies, its session, its test
client. It is written on a copy first. There, what worked before has to work as it did, which is held by the app's own
tests, its access, its contract and its migrations; and what was asked for has to work now, and must not have before,
which is held by real requests. Then it lands, and `fastwright undo` takes it back, byte for byte.

An app that has it already is told where, and left alone. One that has a part of it, or has no place for it, is refused
with the reason and the next thing to try.

| capability | what it is |
| --- | --- |
"""


def page() -> str:
    """Return the whole page."""
    every = recipes().values()
    table = "".join(f"| [`{one.name}`](#{one.name}) | {one.summary} |\n" for one in every)
    return HEAD + table + "".join(f"\n{section}" for one in every for section in _section(one))


def _section(recipe: AnyRecipe) -> Iterator[str]:
    fields = recipe.wish.model_fields
    names = [name.upper() if fields[name].is_required() else f"[{name.upper()}]" for name in recipe.wish.positional]
    yield f"## {recipe.name}\n\n    fastwright add {' '.join([recipe.name, *names])}\n"
    if recipe.about:
        yield f"{fill(recipe.about, 120, break_on_hyphens=False)}\n"
    if fields:
        rows = "".join(f"| `{_written(recipe, name)}` | {field.description} |\n" for name, field in fields.items())
        yield f"| argument | meaning |\n| --- | --- |\n{rows}"


def _written(recipe: AnyRecipe, name: str) -> str:
    field = recipe.wish.model_fields[name]
    if name in recipe.wish.positional:
        return name.upper()
    option = f"--{(field.alias or name).replace('_', '-')}"
    return option if field.annotation is bool else f"{option} {field.title or (field.alias or name).upper()}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
