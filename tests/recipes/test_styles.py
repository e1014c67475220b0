"""What is added to apps that are written in other ways than those of the corpus looks as they do, and is proven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastwright.changes.add_file import AddFile
from fastwright.project.where import Where
from fastwright.proof.ground import Ground, standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Answer, Plan, Refusal
from fastwright.recipes.protect import Wish, protect
from fastwright.verbs.add import wish_of
from fastwright.verbs.rehearsing import knowing
from tests.recipes.styles import FOLDERS, FUNCTIONS, OBJECTS, TUTORIAL, project
from tests.recipes.trials import evidence

FACTORY = {
    "app/server.py": """
        from fastapi import FastAPI

        from api.note.note import note_router
        from api.todo.todo import todo_router


        def create_app() -> FastAPI:
            app = FastAPI()
            app.include_router(note_router, prefix="/note")
            app.include_router(todo_router, prefix="/todo")
            return app


        app = create_app()
    """,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    app = project(tmp_path_factory.mktemp("folders"), FOLDERS)
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        yield ground


def planned(ground: Ground, capability: str, **args: Any) -> Answer:
    recipe = recipe_named(capability)
    return recipe.plan(knowing(ground), wish_of(recipe, args))


def written(answer: Answer) -> dict[str, str]:
    """Return the new files of a plan."""
    assert isinstance(answer, Plan), answer
    return {one.path: one.content for one in answer.change.operations if isinstance(one, AddFile)}


def test_a_subject_gets_a_folder_and_a_module_named_as_it_is_with_its_schemas_in_it(folders: Ground) -> None:
    files = written(planned(folders, "resource", resource="Label name:str(1..40) todo:->Todo"))
    assert {"api/label/label.py", "app/label/models.py"} <= files.keys()
    assert not any("schemas" in name for name in files)
    assert "class LabelCreate(BaseModel):" in files["api/label/label.py"]
    assert "todo: LabelCreate" not in files["api/label/label.py"]


def test_an_endpoint_without_a_model_that_returns_a_list_is_a_list(folders: Ground) -> None:
    assert isinstance(planned(folders, "pagination", path="/todo"), Plan)


def test_a_dependency_that_wants_a_token_sent_and_raises_is_a_guard_whatever_the_status(folders: Ground) -> None:
    project_map = knowing(folders).project
    (internal,) = [one for one in project_map.endpoints if one.path == "/internal/"]
    assert internal.auth.required
    assert internal.auth.proven
    assert [guard.name for guard in internal.auth.guards] == ["get_token_header"]


def test_objects_with_queries_get_one_more_of_their_kind(tmp_path: Path) -> None:
    app = project(tmp_path, OBJECTS)
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        answer = planned(ground, "resource", resource="Album title:str(1..80)! item:->Item")
    files = written(answer)
    assert "class CRUDAlbum(CRUDBase[Album, AlbumCreate, AlbumUpdate]):" in files["app/crud/crud_album.py"]
    assert files["app/crud/crud_album.py"].endswith("\nalbum = CRUDAlbum(Album)\n")
    assert "from app import crud\nfrom app.api import deps\n" in files["app/api/albums.py"]
    assert "crud.album.get_page(db=db, " in files["app/api/albums.py"]
    assert isinstance(answer, Plan)
    assert {"add_import", "add_export"} <= {one.kind for one in answer.change.operations}


def test_no_endpoint_hides_a_query_that_is_imported_by_its_name(tmp_path: Path) -> None:
    app = project(tmp_path, FUNCTIONS)
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        answer = planned(ground, "resource", resource="Album title:str(1..80)!")
        refused = protect(knowing(ground), Wish("/users", role="admin"))
    router = next(text for name, text in written(answer).items() if name.startswith("app/albums"))
    assert "create_album(db, data)" in router
    assert "def create_album(" not in router
    assert "from app.schemas.album import" in router
    assert isinstance(refused, Refusal)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "spec"),
    [
        (FOLDERS, "Label name:str(1..40)! todo:->Todo"),
        (OBJECTS, "Album title:str(1..80)! items:<->Item"),
        (FUNCTIONS, "Album title:str(1..80)! user:->User"),
    ],
    ids=["folders", "objects", "functions"],
)
def test_a_resource_lands_there_and_undo_brings_back_every_byte(files: Any, spec: str, tmp_path: Path) -> None:
    app = project(tmp_path, files)
    before = app.files()
    result = app.add("resource", resource=spec)
    assert result.landed, result.refusal or result.proof
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_a_factory_and_the_app_that_it_makes_may_have_the_same_name(tmp_path: Path) -> None:
    result = project(tmp_path, {**FOLDERS, **FACTORY}).add("resource", resource="Label name:str(1..40)")
    assert result.landed, result.refusal or result.proof
    assert "+    app.include_router(label_router)" in result.diff


def together(text: str) -> str:
    """Return a path or a module with the models of all subjects in one folder."""
    for name in ("todo", "note"):
        text = text.replace(f"app/{name}/models.py", f"app/models/{name}.py")
        text = text.replace(f"app.{name}.models", f"app.models.{name}")
    return text


@pytest.mark.slow
def test_a_model_goes_where_all_are_although_each_subject_has_a_folder_of_endpoints(tmp_path: Path) -> None:
    app = project(tmp_path, {together(name): together(text) for name, text in FOLDERS.items()})
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        files = written(planned(ground, "resource", resource="Label name:str(1..40)"))
    assert {"api/label/label.py", "app/models/label.py"} <= files.keys()


# A generator of sessions that is called by hand; models that a package takes from its modules.
BY_HAND = {
    "main.py": """
        from fastapi import FastAPI

        from src.core.db import get_db
        from src.models import Todo

        app = FastAPI()
        db = next(get_db())


        @app.get("/todos")
        def list_todos():
            return [todo.title for todo in db.query(Todo).limit(9).all()]
    """,
    "src/core/db.py": FOLDERS["core/db.py"],
    "src/models/__init__.py": "from .todo import Todo",
    "src/models/todo.py": FOLDERS["app/todo/models.py"].replace("core.db", "src.core.db"),
}


@pytest.mark.slow
def test_a_generator_of_sessions_that_is_called_by_hand_becomes_the_dependency(tmp_path: Path) -> None:
    app = project(tmp_path, BY_HAND)
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        answer = planned(ground, "resource", resource="Label name:str(1..40)")
    assert isinstance(answer, Plan), answer
    text = answer.change.model_dump_json()
    assert "Session, Depends(get_db)]" in text
    assert "get_session" not in text
    assert "add `from .label import Label` to src/models/__init__.py" in answer.change.explain()


@pytest.mark.slow
def test_a_limit_is_reached_past_a_guard_that_another_dependency_hands_on(tmp_path: Path) -> None:
    result = project(tmp_path, FUNCTIONS).add("rate-limit", path="/users")
    assert result.landed, result.refusal or result.proof
    assert "60 requests as before, then 429" in evidence(result)


@pytest.mark.slow
def test_pages_of_a_list_without_a_model_are_parts_of_it(tmp_path: Path) -> None:
    result = project(tmp_path, FOLDERS).add("pagination", path="/todo")
    assert result.landed, result.refusal or result.proof
    assert "GET /todo/: all of 125 rows before, 50 now" in evidence(result)


@pytest.mark.slow
def test_tests_that_fail_in_the_setup_of_the_project_are_left_out_and_that_is_told(tmp_path: Path) -> None:
    conftest = """
        import pytest
        from fastapi.testclient import TestClient

        from app.server import app
        from core.db import get_db


        def broken():
            raise RuntimeError("no database here")


        @pytest.fixture
        def client():
            app.dependency_overrides[get_db] = broken
            return TestClient(app)
    """
    tests = "def test_docs(client):\n    assert client.get('/openapi.json').status_code == 200\n"
    app = project(tmp_path, {**FOLDERS, "tests/conftest.py": conftest, "tests/test_docs.py": tests})
    result = app.add("resource", resource="Label name:str(1..40)!")
    assert result.landed, result.refusal or result.proof
    assert not (app.root / "tests" / "test_labels.py").exists()
    assert any(risk.startswith("No test was written: ") for risk in result.explanation.risks)


@pytest.mark.slow
@pytest.mark.parametrize("capability", ["registration", "auth"])
def test_endpoints_of_accounts_stand_in_the_file_that_has_all_others_and_the_session(
    capability: str, tmp_path: Path
) -> None:
    app = project(tmp_path, TUTORIAL)
    result = app.add(capability)
    assert result.landed, result.proof
    main = (app.root / "main.py").read_text(encoding="utf-8")
    assert '@app.post(\n    "/auth/register"' in main
    assert re.search(r"def register\(\s*user_data: schemas\.UserCreate, ", main)  # as `book_data` is called
    assert not (app.root / "auth.py").exists()
    assert not (app.root / "dependencies.py").exists()
