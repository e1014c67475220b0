"""What every recipe has: it looks at a project, and plans a change with a promise, or says why there is none.

    Plan        operations, and what has to be true of the app after them and was not before
    Already     the app is as it was asked to be; nothing is to be done
    Refusal     it cannot be done as asked: the reason, and the next thing to try

Nothing here runs or writes anything: a verb stages the plan, proves it and lands it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue

from fastwright.changes import Change
from fastwright.project.model import Project
from fastwright.project.names import Names
from fastwright.project.source import Source
from fastwright.proof.calls import Around, Call, Conversation
from fastwright.proof.carrying import Promise


class Rehearsal(Protocol):
    """The app as it is, on a copy with a scratch database, for plans that depend on what it answers."""

    @property
    def documents(self) -> Mapping[str, Any]:
        """The OpenAPI documents, by the prefix under which each is served."""
        ...

    def converse(self, calls: Sequence[Call], around: Around | None = None) -> Conversation:
        """Return what it answers, started anew. Raises `NotDone` if it cannot be asked."""
        ...

    def sample(self, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> JsonValue:
        """Return a value that a schema allows."""
        ...


@dataclass(frozen=True)
class Known:
    """A project as it was read: what the running app is, and its source."""

    project: Project
    source: Source
    rehearsal: Rehearsal | None = None

    @cached_property
    def names(self) -> Names:
        return Names(self.source)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Plan:
    """What would be done, and what it has to achieve. The sentences are for the people who decide."""

    change: Change
    promise: Promise
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


class Already(_Answer):
    """Nothing is to be done."""

    reason: str
    notes: tuple[str, ...] = ()


class Refusal(_Answer):
    """It cannot be done as it was asked for; `items` are the endpoints or tests that stand in the way."""

    reason: str
    hint: str
    items: tuple[str, ...] = ()


Answer = Plan | Already | Refusal


class Wish(BaseModel):
    """What a recipe is asked for: every field is an option of the capability, and its description what people read.

    `positional` are the fields that are given without a name, in this order; the last one takes several if it is a
    tuple. A field whose name is a word of Python has it as its alias: `exceptions`, which people write as `except`.
    The `title` of a field is what stands for its value in help: `--except PATH`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    positional: ClassVar[tuple[str, ...]] = ()


def _split(value: object) -> object:
    given = [value] if isinstance(value, str) else value
    every = list(cast("Iterable[object]", given)) if isinstance(given, list | tuple) else []
    texts = [one for one in every if isinstance(one, str)]
    if not texts or len(texts) < len(every):
        return value
    return [part.strip() for one in texts for part in one.split(",") if part.strip()]


# Several texts; people may give them one by one, or with commas between them.
Several = Annotated[tuple[str, ...], BeforeValidator(_split)]

WishT = TypeVar("WishT", bound=Wish)


@dataclass(frozen=True)
class Recipe(Generic[WishT]):
    """A capability that can be added. `name` is how people write it, and `summary` the one line that they choose by.

    `about` says in a few sentences what is written, and what is proven before it lands.
    `plan` raises `InputError` if what is wished for names something that is not there.
    """

    name: str
    summary: str
    wish: type[WishT]
    plan: Callable[[Known, WishT], Answer]
    about: str


AnyRecipe = Recipe[Any]
