"""An edit that a model wrote: a `Change` like every other, limited in what it touches, with a promise of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from pydantic import Field

from fastwright.agent.llm.reading import is_hidden, may_be_read
from fastwright.changes import AddFile, Change, Operation
from fastwright.changes.replace_text import ReplaceText
from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.project.where import Where
from fastwright.proof.access import compare_access
from fastwright.proof.calls import Answer, Call
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import standing_on
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import Progress, StepFailed, silent

_WRITTEN = frozenset({".py", ".md", ".sql", ".html", ".mako"})
# They decide what is run, and how, before any test is.
_SWITCHES = frozenset({"conftest.py", "sitecustomize.py", "usercustomize.py", "noxfile.py", "setup.py"})


class Replacement(Frozen):
    """Text that stands in the file just once, and what it becomes."""

    before: str
    after: str


class FileEdit(Frozen):
    """One file: `content` for a new one, replacements for one that is there."""

    path: str
    content: str | None = None
    replace: tuple[Replacement, ...] = ()


class Expected(Frozen):
    """A request, and the status that it is answered with after the edit.

    `keep` names what later requests use as `{{name}}`: a JSON pointer into the body, `header:name` or `cookie:name`.
    """

    method: str
    path: str
    status: int
    query: dict[str, Any] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Any = None
    form: dict[str, Any] | None = None
    keep: dict[str, str] = Field(default_factory=dict)

    @property
    def call(self) -> Call:
        return Call(**self.model_dump(exclude={"status"}))


class Draft(Frozen):
    """What is to be changed, and what it has to achieve.

    `adds` are the endpoints that are new (`POST /orders/{id}/refunds`); nothing else may differ in the contract or in
    who may call what. `expects` are requests in order, on an empty database; at least one is answered otherwise before.
    """

    summary: str
    files: tuple[FileEdit, ...] = Field(min_length=1)
    adds: tuple[str, ...] = ()
    expects: tuple[Expected, ...] = Field(min_length=1)


class DraftPromise(Frozen):
    """The requests of a draft are answered as it says, and were not before; nobody can do more than before."""

    draft: Draft

    @property
    def announced(self) -> Announced:
        return Announced(adds=self.draft.adds)

    def hold(self, trial: Regression) -> str:
        """Return what was answered. Raises `StepFailed` if it is not as expected, or was so already."""
        weaker = [row for row in compare_access(trial.before, trial.after) if row.harmful and row.before]
        if weaker:
            raise StepFailed("\n".join(f"{row.shown}: {row.message}" for row in weaker))
        calls = [expected.call for expected in self.draft.expects]
        before, after = (trial.converse(side, calls).answers for side in ("before", "after"))
        for expected, answer in zip(self.draft.expects, after, strict=True):
            if answer.status != expected.status:
                raise StepFailed(f"{expected.call.shown}: {_shown(answer)}, and not {expected.status}")
        new = [one.shown for one, old, now in zip(calls, before, after, strict=True) if _differ(old, now)]
        if not new:
            raise StepFailed("all of these requests were answered just so before the edit: they prove nothing")
        return f"{len(calls)} requests answered as expected; otherwise before: {', '.join(new)}"


def change_of(draft: Draft) -> Change:
    """Return the draft as a change. Raises `InputError` for a file that such an edit may not touch."""
    return Change(summary=draft.summary, operations=tuple(one for file in draft.files for one in _operations(file)))


def carry(where: Where, draft: Draft, *, dry_run: bool, progress: Progress = silent, seconds: float = 600.0) -> Carried:
    """Prove a draft on a copy, and land it unless that fails or is a dry run. Raises `InputError` where it may not."""
    change = change_of(draft)
    with standing_on(where) as ground:
        for file in draft.files:
            _check_standing(file, is_there=(ground.copy.project / file.path).exists())
        return carry_out(ground, change, DraftPromise(draft=draft), dry_run=dry_run, progress=progress, seconds=seconds)


def _operations(file: FileEdit) -> Iterator[Operation]:
    place = PurePosixPath(file.path)
    if place.is_absolute() or {"..", "."} & set(file.path.split("/")) or "\\" in file.path:
        raise InputError(f"{file.path} is not a path inside the project", hint="relative, with forward slashes")
    if is_hidden(place) or place.suffix not in _WRITTEN or not may_be_read(file.path) or place.name in _SWITCHES:
        raise InputError(f"{file.path} is not for an edit to touch", hint=f"edit source: {', '.join(sorted(_WRITTEN))}")
    if file.content is not None:
        yield AddFile(path=file.path, content=file.content)
    for one in file.replace:
        yield ReplaceText(file=file.path, before=one.before, after=one.after)


def _check_standing(file: FileEdit, *, is_there: bool) -> None:
    """Raise `InputError` for tests that are there: they are what the edit is measured by."""
    if is_there and is_test(file.path):
        raise InputError(f"{file.path} is a test that is there already", hint="put new tests into a new file")
    if is_there and file.content is not None:
        raise InputError(f"{file.path} is there already", hint="give replacements in place of its content")


def is_test(path: str) -> bool:
    """Tell whether a path is one at which tests are."""
    place = PurePosixPath(path)
    parts, stem = [part.lower() for part in place.parts], place.stem.lower()
    return bool({"tests", "test"} & set(parts)) or stem.startswith("test_") or stem.endswith("_test")


def _differ(old: Answer, now: Answer) -> bool:
    return old.status != now.status or old.body != now.body


def _shown(answer: Answer) -> str:
    return f"answered with {answer.status}" if answer.status else f"not answered: {answer.error}"
