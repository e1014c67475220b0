"""What every operation can do, and how operations are found.

An operation is planned first, against the files as they are, and written later with all others of its change. That is
why the lines of several operations on one file all mean the same file: none of them moves what the next one points at.
"""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, computed_field

from fastwright.changes.outcome import Applied, Outcome, Refused, Unchanged, Unfit
from fastwright.changes.tree import Tree


def _inside_the_project(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or not path.parts or {"..", "\0", "\\"}.intersection((*path.parts, *value)):
        raise ValueError(f"{value!r} is not a path inside the project")
    return value


# Relative to the project, with forward slashes.
ProjectPath = Annotated[str, AfterValidator(_inside_the_project)]


class Operation(BaseModel, ABC):
    """One step of a change. Every subclass has a file of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @computed_field
    @property
    def kind(self) -> str:
        """What it is called, which is how its file is called."""
        return _kind(type(self))

    @abstractmethod
    def plan(self, tree: Tree) -> Applied | Unchanged:
        """Note in `tree` what is to be done. Raises `Unfit` where it does not fit what is there."""

    @abstractmethod
    def explain(self) -> str:
        """Return the operation as a sentence."""

    def apply(self, root: Path) -> Outcome:
        """Do it below `root`."""
        return perform((self,), root)[0]


def perform(operations: Sequence[Operation], root: Path) -> tuple[Outcome, ...]:
    """Do all of the operations below `root`, or, if one of them is refused, none; return what became of each."""
    tree = Tree(root)
    outcomes = [_planned(operation, tree) for operation in operations]
    broken = tree.settle()
    outcomes = [_settled(outcome, broken) for outcome in outcomes]
    if not any(isinstance(outcome, Refused) for outcome in outcomes):
        tree.write()
    return tuple(outcomes)


def _planned(operation: Operation, tree: Tree) -> Outcome:
    try:
        return operation.plan(tree)
    except Unfit as unfit:
        return unfit.refused


def _settled(outcome: Outcome, broken: Mapping[str, Refused]) -> Outcome:
    if isinstance(outcome, Applied):
        return next((broken[file] for file in outcome.files if file in broken), outcome)
    return outcome


@cache
def operation_kinds() -> Mapping[str, type[Operation]]:
    """Return every operation of this package by its kind."""
    package = __name__.rpartition(".")[0]
    modules = [
        import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(import_module(package).__path__)
    ]
    found = [kind for module in modules for _name, kind in inspect.getmembers(module, inspect.isclass)]
    return {_kind(kind): kind for kind in found if issubclass(kind, Operation) and not inspect.isabstract(kind)}


def _kind(operation: type[Operation]) -> str:
    return operation.__module__.rpartition(".")[2]


def read_operation(data: Mapping[str, Any]) -> Operation:
    """Return the operation that data are of. Raises `ValueError` if they are not such as their `kind` takes."""
    kind: object = data.get("kind")
    known = operation_kinds()
    if not isinstance(kind, str) or kind not in known:
        raise ValueError(f"{kind!r} is not a kind of operation: {', '.join(sorted(known))}")
    return known[kind].model_validate({name: value for name, value in data.items() if name != "kind"})
