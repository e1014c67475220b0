"""A relation that is to be loaded, as operations are told of it, and as a file can say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from fastwright.changes.editing import models
from fastwright.changes.editing.loading import Loads, Step
from fastwright.changes.wanted import Identifier, Import, ModuleName

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import Site


class Load(BaseModel):
    """A relation, by the model that has it, and how it is loaded.

    `selectinload` takes one more statement, and is right for every relation; `joinedload` takes none, and is for a
    relation to one: with a collection, the rows of the parent would have to be made unique again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: ModuleName
    model: Identifier
    attribute: Identifier
    strategy: Literal["selectinload", "joinedload"] = "selectinload"

    def home(self, document: Document) -> str:
        """Return where the model was defined."""
        return models.home_of(document, Import(module=self.module, name=self.model))


def wanted(document: Document, path: Sequence[Load], site: Site) -> Loads:
    """Return the relations of a path, to be looked for at a place; nothing is imported for that."""
    return Loads(document, site, [Step(load.strategy, load.home(document), load.attribute) for load in path])


def named(document: Document, path: Sequence[Load], site: Site) -> Loads:
    """Return the relations of a path, to be written at a place, and note the imports that this takes."""
    steps: list[Step] = []
    for load in path:
        owner = models.named(document, Import(module=load.module, name=load.model), site)
        strategy = load.strategy
        if not steps:
            strategy = document.imports.use(Import(module="sqlalchemy.orm", name=load.strategy), site)
        steps.append(Step(strategy, load.home(document), load.attribute, owner))
    return Loads(document, site, steps)


def shown(path: Sequence[Load]) -> str:
    """Return a path as it is told to people."""
    return " → ".join(f"{load.model}.{load.attribute}" for load in path)


def option(path: Sequence[Load]) -> str:
    """Return a path as the option that a person would write."""
    return ".".join(f"{load.strategy}({load.model}.{load.attribute})" for load in path)
