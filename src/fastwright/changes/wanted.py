"""What an edit needs from elsewhere: an import, as data."""

from __future__ import annotations

import ast
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator


def _identifier(value: str) -> str:
    if value and not value.isidentifier():
        raise ValueError(f"{value!r} is not a name")
    return value


def _module(value: str) -> str:
    name = value.lstrip(".")
    if not value or (name and not all(part.isidentifier() for part in name.split("."))):
        raise ValueError(f"{value!r} is not a module")
    return value


def _expression(value: str) -> str:
    try:
        tree = ast.parse(f"[\n{value}\n]", mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"{value!r} is not an expression") from error
    # `a)(b` between brackets, or `a, b`, would parse, too, but not as one item of a list.
    if not isinstance(tree, ast.List) or len(tree.elts) != 1 or isinstance(tree.elts[0], ast.Starred):
        raise ValueError(f"{value!r} is not one expression")
    return value


def _dotted(value: str) -> str:
    if not all(part.isidentifier() for part in value.split(".")):
        raise ValueError(f"{value!r} is not a name")
    return value


# A name without dots, or nothing.
Identifier = Annotated[str, AfterValidator(_identifier)]
ModuleName = Annotated[str, AfterValidator(_module)]
# A name, or an attribute of one.
DottedName = Annotated[str, AfterValidator(_dotted)]
# Python source of one expression.
Expression = Annotated[str, AfterValidator(_expression)]


class Import(BaseModel):
    """`from module import name as alias`, or `import module as alias` where there is no name.

    Expressions use it as `local`. In the file it may get another name, if that one is taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: ModuleName
    name: Identifier = ""
    alias: Identifier = ""

    @model_validator(mode="after")
    def _relative_imports_take_a_name(self) -> Import:
        if self.module.startswith(".") and not self.name:
            raise ValueError(f"from {self.module} import what? A relative import needs a name")
        return self

    @property
    def local(self) -> str:
        """The name by which expressions use it."""
        return self.alias or self.name or self.module

    def __str__(self) -> str:
        """Return the statement."""
        renamed = f" as {self.alias}" if self.alias and self.alias != self.name else ""
        return f"from {self.module} import {self.name}{renamed}" if self.name else f"import {self.module}{renamed}"
