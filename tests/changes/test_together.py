"""Several operations as one change: all lines mean the files as they were, and either all of it is done or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from fastwright.changes import AddFile, Applied, Change, Outcome, Refused, Unchanged
from fastwright.changes.add_code import AddCode
from fastwright.changes.add_endpoint_dependency import AddEndpointDependency
from fastwright.changes.add_import import AddImport
from fastwright.changes.add_include_router import AddIncludeRouter
from fastwright.changes.add_middleware import AddMiddleware
from fastwright.changes.add_parameter import AddParameter
from fastwright.changes.add_requirement import AddRequirement
from fastwright.changes.add_router_dependency import AddRouterDependency
from fastwright.changes.operation import Operation, operation_kinds
from fastwright.changes.wanted import Import
from fastwright.errors import InputError

ROUTES = '''"""Items."""

from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read() -> list[str]:
    return []


@router.post("/items")
def read(item: str) -> str:  # the same name, on purpose
    return item
'''
USER = Import(module="app.auth", name="get_user")


def project(root: Path) -> Path:
    (root / "app").mkdir()
    (root / "app/__init__.py").touch()
    (root / "app/routes.py").write_text(ROUTES, encoding="utf-8")
    return root / "app/routes.py"


def guard(line: int, *, file: str = "app/routes.py") -> AddEndpointDependency:
    return AddEndpointDependency(file=file, line=line, function="read", dependency="get_user", imports=(USER,))


def change(*operations: Operation) -> Change:
    return Change(summary="several", operations=operations)


def test_no_operation_moves_what_the_next_one_points_at(tmp_path: Path) -> None:
    file = project(tmp_path)
    outcomes = change(
        guard(9),
        guard(14),
        AddParameter(file="app/routes.py", line=14, function="read", parameter="limit: int = 20"),
        AddRouterDependency(file="app/routes.py", line=5, dependency="get_user", imports=(USER,)),
        AddImport(file="app/routes.py", module="logging"),
    ).attempt(tmp_path)
    assert outcomes == (Applied(files=("app/routes.py",)),) * 5
    assert (
        file.read_text(encoding="utf-8")
        == '''"""Items."""

import logging

from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter(dependencies=[Depends(get_user)])


@router.get("/items", dependencies=[Depends(get_user)])
def read() -> list[str]:
    return []


@router.post("/items", dependencies=[Depends(get_user)])
def read(item: str, limit: int = 20) -> str:  # the same name, on purpose
    return item
'''
    )


def test_the_same_operation_twice_in_a_change_is_done_once(tmp_path: Path) -> None:
    file = project(tmp_path)
    first, second = change(guard(9), guard(9)).attempt(tmp_path)
    assert isinstance(first, Applied)
    assert isinstance(second, Unchanged)
    assert file.read_text(encoding="utf-8").count("Depends(get_user)") == 1


def test_one_that_is_refused_keeps_all_from_being_written(tmp_path: Path) -> None:
    file = project(tmp_path)
    several = change(guard(9), AddFile(path="app/new.py", content=""), guard(3), guard(1, file="app/none.py"))
    outcomes = several.attempt(tmp_path)
    assert [outcome.result for outcome in outcomes] == ["applied", "applied", "refused", "refused"]
    assert file.read_text(encoding="utf-8") == ROUTES
    assert not (tmp_path / "app/new.py").exists()
    with pytest.raises(InputError, match=r"app/routes\.py:3: there are several") as raised:
        several.apply(tmp_path)
    assert [problem.message for problem in raised.value.problems] == [
        outcome.reason for outcome in outcomes if isinstance(outcome, Refused)
    ]


def test_a_file_that_is_new_can_be_edited_in_the_same_change(tmp_path: Path) -> None:
    project(tmp_path)
    change(
        AddFile(path="app/main.py", content="from fastapi import FastAPI\n\napp = FastAPI()\n"),
        AddIncludeRouter(
            file="app/main.py", target="app", router="routes.router", imports=(Import(module="app", name="routes"),)
        ),
    ).apply(tmp_path)
    assert (tmp_path / "app/main.py").read_text(encoding="utf-8") == (
        "from fastapi import FastAPI\n\nfrom app import routes\n\napp = FastAPI()\napp.include_router(routes.router)\n"
    )


@pytest.mark.parametrize(("after", "is_known"), [("router", True), ("read", False)])
def test_what_earlier_code_defines_can_be_named_below_it(after: str, is_known: bool, tmp_path: Path) -> None:
    file = project(tmp_path)
    code = AddCode(file="app/routes.py", code="def once() -> None: ...\n", after=after)
    uses = AddEndpointDependency(
        file="app/routes.py",
        line=9,
        function="read",
        dependency="Depends(once)",
        imports=(Import(module="fastapi", name="Depends"),),
    )
    outcomes = change(code, uses).attempt(tmp_path)
    assert isinstance(outcomes[1], Applied) == is_known
    assert ("Depends(once)" in file.read_text(encoding="utf-8")) == is_known


def test_requirements_that_a_shell_of_windows_wrote_stay_in_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_bytes("fastapi==0.165.0\r\n".encode("utf-16"))
    change(AddRequirement(file="requirements.txt", requirement="alembic")).apply(tmp_path)
    assert file.read_bytes() == "fastapi==0.165.0\r\nalembic\r\n".encode("utf-16")


def test_requirements_of_one_change_are_all_added(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("fastapi\nuvicorn\n", encoding="utf-8")
    wanted = ("pyjwt>=2", "argon2-cffi", "PyJWT")
    outcomes = change(*(AddRequirement(file="requirements.txt", requirement=name) for name in wanted)).apply(tmp_path)
    assert [outcome.result for outcome in outcomes] == ["applied", "applied", "unchanged"]
    lines = (tmp_path / "requirements.txt").read_text(encoding="utf-8").split()
    assert lines == ["argon2-cffi", "fastapi", "pyjwt>=2", "uvicorn"]


def test_a_mode_is_kept(tmp_path: Path) -> None:
    file = project(tmp_path)
    file.chmod(0o750)
    guard(9).apply(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o750


def test_a_link_that_leads_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    file = project(outside)
    (inside / "app").symlink_to(outside / "app")
    assert guard(9).apply(inside) == Refused(reason="app/routes.py: leads out of the project", file="app/routes.py")
    assert file.read_text(encoding="utf-8") == ROUTES


@pytest.mark.parametrize("line", [6, 9])
def test_lines_that_moved_do_not_lead_to_another_of_the_same_name(tmp_path: Path, line: int) -> None:
    file = project(tmp_path)
    file.write_text(
        'import fastapi\n\nrouter = fastapi.APIRouter()\n\n@router.get("/a")\ndef read(): ...\n\n'
        '@router.get("/b")\ndef read(): ...\n',
        encoding="utf-8",
    )
    guard(line).apply(tmp_path)
    once = file.read_bytes()
    moved = b"# one\n# two\n# three\n" + once
    file.write_bytes(moved)
    again = guard(line).apply(tmp_path)
    assert file.read_bytes() == moved
    assert not isinstance(again, Applied)


def test_an_option_may_name_what_another_import_brings(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n", encoding="utf-8")
    outcome = AddMiddleware(
        file="main.py",
        target="app",
        middleware="Limits",
        options={"store": "memory.Store(size=10)"},
        imports=(Import(module="app.limits", name="Limits"), Import(module="app.stores.memory", alias="memory")),
    ).apply(tmp_path)
    assert isinstance(outcome, Applied)
    text = (tmp_path / "main.py").read_text(encoding="utf-8")
    assert "import app.stores.memory as memory\n" in text
    assert text.endswith("app.add_middleware(Limits, store=memory.Store(size=10))\n")


def test_outcomes_survive_json() -> None:
    adapter: TypeAdapter[Outcome] = TypeAdapter(Outcome)
    for outcome in (Applied(files=("a",)), Unchanged(reason="b"), Refused(reason="c:1: d", file="c", line=1, hint="e")):
        assert adapter.validate_json(adapter.dump_json(outcome)) == outcome


def test_every_operation_says_what_it_is_for() -> None:
    kinds = operation_kinds()
    assert len(kinds) > 11
    assert all(operation.__doc__ for operation in kinds.values())


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "add_import", "file": "../a.py", "module": "os"},
        {"kind": "add_import", "file": "a.py", "module": "os; import sys"},
        {"kind": "add_import", "file": "a.py", "module": ".", "name": ""},
        {"kind": "add_parameter", "file": "a.py", "function": "f", "parameter": "a, b"},
        {"kind": "add_parameter", "file": "a.py", "function": "f", "parameter": "a): pass\ndef g("},
        {"kind": "add_parameter", "file": "a.py", "function": "f", "parameter": "**a"},
        {"kind": "add_middleware", "file": "a.py", "target": "app", "middleware": "A)\nevil("},
        {"kind": "add_middleware", "file": "a.py", "target": "app.x()", "middleware": "A"},
        {"kind": "add_app_dependency", "file": "a.py", "dependency": "a b"},
        {"kind": "add_app_dependency", "file": "a.py", "dependency": "a)(b"},
        {"kind": "add_app_dependency", "file": "a.py", "dependency": "a, b"},
        {"kind": "add_app_dependency", "file": "a.py", "dependency": "*a"},
        {"kind": "add_setting_field", "file": "a.py", "class_name": "S", "field": "a.b", "type": "int"},
        {"kind": "add_requirement", "file": "requirements.txt", "requirement": "-r other.txt"},
        {"kind": "add_requirement", "file": "requirements.txt", "requirement": "a\nb"},
        {"kind": "add_endpoint_dependency", "file": "a.py", "function": "f", "dependency": "d", "attach": "parameter"},
    ],
)
def test_what_is_no_such_piece_of_code_is_no_operation(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Change.model_validate({"summary": "", "operations": [data]})
