"""Who may call what: endpoints by roles, as the code claims it and as a request showed it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.project.model import Endpoint, Project
from fastwright.verbs.map import MapRequest, map_project

Answer = Literal["yes", "no"]
ANYBODY, SIGNED_IN = "anybody", "signed in"


class AccessRequest(Frozen):
    """Which project, and the file that the matrix is held against or written to."""

    project: Path = Path()
    under: str = ""
    static: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None


class Row(Frozen):
    """An endpoint. `shown` says that a request without credentials was sent, and what `anybody` says is its answer."""

    method: str
    path: str
    file: str | None
    line: int | None
    shown: bool
    answers: dict[str, Answer]


class Difference(Frozen):
    """What is not as in the baseline; an endpoint that is new or gone has no answers on one side."""

    method: str
    path: str
    column: str
    before: Answer | None
    after: Answer | None

    @property
    def opens(self) -> bool:
        """Whether somebody may do now what they could not do before."""
        return self.after == "yes" and self.before != "yes"


class AccessMatrix(Frozen):
    """Rows are endpoints; columns are anybody, whoever is signed in, and each role that a guard names."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...] = ()
    static: bool = False


def access(request: AccessRequest) -> AccessMatrix:
    """Return who may call what, and what of that is not as in the baseline. Raises `InputError`."""
    asked = request.model_dump(include={"project", "static", "python", "app", "env_file"})
    matrix = access_matrix(map_project(MapRequest(**asked)))
    if request.under:
        rows = tuple(row for row in matrix.rows if f"{row.path}/".startswith(f"{request.under.rstrip('/')}/"))
        matrix = matrix.model_copy(update={"rows": rows})
    if request.write_baseline is not None:
        write_access(request.write_baseline, matrix)
    return against(matrix, request.baseline) if request.baseline is not None else matrix


def access_matrix(project: Project) -> AccessMatrix:
    """Return the matrix of a project."""
    endpoints = [one for one in project.endpoints if one.method not in ("HEAD", "OPTIONS")]
    roles = sorted({role for endpoint in endpoints for role in endpoint.auth.roles})
    columns = (ANYBODY, SIGNED_IN, *roles)
    rows = tuple(_row(endpoint, columns) for endpoint in endpoints)
    return AccessMatrix(columns=columns, rows=rows, static=project.app.static)


def write_access(file: Path, matrix: AccessMatrix) -> None:
    """Write the matrix, an endpoint a line, so that a change of it is a line in a diff."""
    lines = [json.dumps({"method": row.method, "path": row.path, **row.answers}) for row in _sorted(matrix)]
    text = '{"version": 1, "access": [\n  ' + ",\n  ".join(lines) + "\n]}\n"
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}", hint="name another file") from error


def against(matrix: AccessMatrix, file: Path) -> AccessMatrix:
    """Return the matrix with what is not as in the file. Raises `InputError` if that cannot be read."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        before = {(str(one.pop("method")), str(one.pop("path"))): one for one in document["access"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"write it with fastwright check --access --write-baseline {file}"
        raise InputError(f"{file} is not an access matrix: {error}", hint=hint) from error
    after = {(row.method, row.path): dict(row.answers) for row in matrix.rows}
    columns = list(matrix.columns)
    columns += sorted({str(column) for one in before.values() for column in one} - set(columns))
    found = [
        Difference(method=key[0], path=key[1], column=column, before=old.get(column), after=new.get(column))
        for key in sorted({*before, *after})
        for old, new in [(before.get(key, {}), after.get(key, {}))]
        for column in columns
        if old.get(column) != new.get(column)
    ]
    return matrix.model_copy(update={"differences": tuple(found)})


def _row(endpoint: Endpoint, columns: tuple[str, ...]) -> Row:
    auth = endpoint.auth
    answers: dict[str, Answer] = {ANYBODY: "no" if auth.required else "yes"}
    answers[SIGNED_IN] = "no" if auth.required and auth.roles else "yes"
    for role in columns[2:]:
        answers[role] = "yes" if not auth.required or not auth.roles or role in auth.roles else "no"
    return Row(
        method=endpoint.method,
        path=endpoint.path,
        file=endpoint.file,
        line=endpoint.line,
        shown=auth.proven,
        answers=answers,
    )


def _sorted(matrix: AccessMatrix) -> list[Row]:
    return sorted(matrix.rows, key=lambda row: (row.path, row.method))
