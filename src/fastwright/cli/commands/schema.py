"""`fastwright schema`."""

from __future__ import annotations

import json

import click

from fastwright.cli import options


@click.command()
@options.debug
def command() -> None:
    """Print the JSON Schema of design files, for editors."""
    from fastwright.design import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
