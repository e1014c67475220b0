"""Files that callers send and get back: by themselves, or below the rows of a resource."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change, Operation
from fastwright.recipes._code.writing import included
from fastwright.recipes._paths import is_below, is_same
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.limiting import guards
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._suite.about import tests_about
from fastwright.recipes._suite.observing import Seen
from fastwright.recipes._suite.things import Thing
from fastwright.recipes._uploading.placing import Uploading, below_rows, by_themselves, item_below
from fastwright.recipes._uploading.promise import UploadPromise

_NOWHERE = {"int": "1", "UUID": "00000000-0000-4000-8000-000000000000"}
_UPLOAD = re.compile(r"\bUploadFile\b|request\.stream\(\)|\bFile\(")


class FileUpload(Wish):
    """Below which resource."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="", description="A resource whose rows get files; without one, files go by themselves.")


def plan(known: Known, wish: FileUpload) -> Answer:
    """Return the plan (OWASP ASVS 5.0.0, V5), or where files are taken already."""
    there = _there(known, wish.path)
    if there is not None:
        return there
    app = home(known)
    if isinstance(app, Refusal):
        return app
    known_module = next((one.path for one in known.source.own if "store_upload" in one.definitions), None)
    module = known_module or app.place("uploads")
    return module if isinstance(module, Refusal) else _planned(known, app, module, wish)


def _planned(known: Known, app: Home, module: str, wish: FileUpload) -> Answer:
    item = item_below(known, app, wish.path) if wish.path else None
    if isinstance(item, Refusal):
        return item
    made = below_rows(known, app, module, item) if item else by_themselves(known, app, module)
    if isinstance(made, Refusal):
        return made
    new, around = made if isinstance(made, tuple) else (made, None)
    more = [included(around, new.file)] if around is not None else []
    return Plan(
        change=Change(summary=f"add uploads at {new.path}", operations=(*new.operations(), *more, *_tests(new))),
        promise=UploadPromise(
            path=new.path,
            limit=f"{app.layout.module(new.module)}:MAX_BYTES",
            admits=guards([*new.guard.endpoints, *new.reads.endpoints]),
            closed=bool(new.guard.text) or bool(new.reads.endpoints),
            table=new.item.table if new.item else "",
            key=new.item.key[1] if new.item else "",
        ),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=("Signed URLs of an object store: files do not pass through the app at all.",),
    )


def _there(known: Known, path: str) -> Already | None:
    for one in known.project.endpoints:
        file = known.source.files.get(one.file or "")
        nodes = file.definitions.get(one.name, []) if file and one.method in ("POST", "PUT") else []
        if any(_UPLOAD.search(ast.unparse(node)) for node in nodes) and is_below(one.path, path or "/"):
            return Already(reason=f"{one.method} {one.path} takes files ({one.file}:{one.line})")
    return None


def _tests(new: Uploading) -> list[Operation]:
    if new.item is None:
        return new.place.test("uploading/test_uploads.py", "uploads", path=new.path, is_open=not new.guard.text)
    about = "Files come back as they were sent."
    found = tests_about(new.place.known, "uploads", about, lambda thing: _files(new, thing))
    if found or not new.guard.text:
        return found
    stranger = re.sub(r"\{[^}]*\}", _NOWHERE[new.item.key[1]], new.path)
    return new.place.test("uploading/test_uploads.py", "uploads", path=stranger, is_open=False)


def _files(new: Uploading, thing: Thing) -> Seen | None:
    """Return the test by which a file is stored below a thing, if it is a row that files belong to."""
    if new.item is None or not is_same(thing.item, new.item.endpoint.path):
        return None
    path = f"{thing.path.rstrip('/')}/{thing.mark}/files"
    return Seen("files", thing.create, path, signed=bool(new.guard.text) or bool(new.reads.endpoints), thing=thing)


def _decisions(new: Uploading) -> Iterator[str]:
    yield "The body is the file itself, and is counted while it comes in; a form is stored before anybody looks."
    yield "At most 10 MiB of png, jpg, gif or pdf, told by the first bytes, and not by what the sender says (ASVS 5.2)."
    yield "It is stored under a random name, and given back as an attachment, with nosniff and a sandbox (ASVS 5.4)."
    if new.item is not None:
        yield f"Who may see the row may have its files: {new.item.endpoint.name} is asked each time."
    if new.guard.text:
        yield f"Who may store files: {new.guard.shown}."


def _risks(new: Uploading) -> Iterator[str]:
    yield "Files lie in UPLOAD_DIRECTORY (./uploads): put it on a volume that all processes share, and in .gitignore."
    if not new.guard.text and not new.reads.endpoints:
        yield "This app has no guard: anybody may fill the disk. Give it one: add auth, then protect."
    if new.item is not None:
        yield "A row that is deleted leaves its files behind."
        if new.guard.text:
            yield "Whoever may do so adds files to every row that they can see, and not only to their own."
    yield "Nothing scans them: what people give each other here is as dangerous as mail."


RECIPE = Recipe(
    name="file-upload",
    summary="files that callers send and get back, by themselves or below the rows of a resource",
    wish=FileUpload,
    plan=plan,
    about=(
        "Two endpoints and a module that stores files. The body of a request is the file: it is counted while it comes "
        "in, told by its first bytes, stored under a random name, and given back as an attachment that no browser "
        "shows. Below a resource, who may see a row may have its files. Proven: the same bytes come back; too large, "
        "in disguise, under other names, by strangers or below another row, nothing does."
    ),
)
