"""What is wanted: the design model and its readers.

The readers are loaded when they are first used, so that looking at a model costs neither YAML nor inflections.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastwright.design.build import renamed, with_options
    from fastwright.design.schema import json_schema
    from fastwright.design.shorthand import read_shorthand
    from fastwright.design.source import InvalidDesignError
    from fastwright.design.writer import write_yaml
    from fastwright.design.yamlfile import read_yaml, read_yaml_text

__all__ = [
    "InvalidDesignError",
    "json_schema",
    "read_shorthand",
    "read_yaml",
    "read_yaml_text",
    "renamed",
    "with_options",
    "write_yaml",
]

_HOMES = {
    "InvalidDesignError": "source",
    "json_schema": "schema",
    "read_shorthand": "shorthand",
    "read_yaml": "yamlfile",
    "read_yaml_text": "yamlfile",
    "renamed": "build",
    "with_options": "build",
    "write_yaml": "writer",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    home: object = getattr(import_module(f"fastwright.design.{_HOMES[name]}"), name)
    return home
