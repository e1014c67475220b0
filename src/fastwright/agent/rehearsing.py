"""Run a plan without landing it: on a copy of the project, where each step finds what those before it changed."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fastwright.agent.facts import Performed
from fastwright.errors import InputError
from fastwright.project.copying import copy_project
from fastwright.project.interpreter import find_interpreter
from fastwright.project.where import Where

# They need the history of the project, which a copy does not have.
_NOT_ON_A_COPY = frozenset({"undo", "prove"})


@contextmanager
def rehearsal(where: Where, verbs: Iterable[str]) -> Generator[Where]:
    """Yield a copy of the project in which a plan of `verbs` can land; it is gone afterwards.

    Raises `InputError` if one of them works on the history of the project.
    """
    if left := sorted(_NOT_ON_A_COPY & set(verbs)):
        raise InputError(
            f"{left[0]} cannot be tried on a copy", hint=f"fastwright {left[0]} --help tells what it can do"
        )
    with tempfile.TemporaryDirectory(prefix="fastwright-") as scratch:
        copy = Path(scratch) / where.project.resolve().name
        copy_project(where.project.resolve(), copy)
        python = where.python or find_interpreter(where.project)
        yield where.model_copy(update={"project": copy, "python": python})


def unlanded(performed: Iterable[Performed]) -> Iterator[Performed]:
    """Yield how each step of a rehearsal went: none of them has landed, and so there is nothing to take back."""
    for one in performed:
        told = {"summary": f"{one.facts.summary}, on a copy", "next_steps": _NEXT} if one.step.changes else {}
        yield one.model_copy(update={"landed": False, "facts": one.facts.model_copy(update=told)})


_NEXT = ("The same without --dry-run lands it.",)
