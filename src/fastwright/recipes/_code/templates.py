"""Render the templates of new code, which are packaged beside the recipes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

_ROOT = Path(__file__).parent.parent / "_templates"


def rendered(template: str, /, **values: Any) -> str:
    """Return a template, filled in."""
    return _environment().get_template(f"{template}.jinja").render(**values)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_ROOT),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python, and its names come from a parsed project
    )
