"""No false "proven": whatever is done to access that was not announced, the promise sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.model import Project
from fastwright.project.read import read_project
from fastwright.proof.promise import AccessPromise, Closed, broken_promises
from tests.apps.corpus import copy, interpreter

ROUTER = "vetbook/visits/router.py"
IMPORT = ("import APIRouter, HTTPException", "import APIRouter, Depends, HTTPException")
DECORATOR = '@router.delete("/{visit_id}", status_code=204)'
GUARDED = '@router.delete("/{visit_id}", status_code=204, dependencies=[Depends(get_current_active_user)])'
PROMISE = AccessPromise(
    closes=(
        Closed(
            method="DELETE",
            path="/patients/{patient_id}/visits/{visit_id}",
            before=404,
            was_open=True,
            guard="get_current_active_user",
            guard_file="vetbook/users/security.py",
            guard_name="get_current_active_user",
            expression="Depends(get_current_active_user)",
        ),
    )
)

Edit = tuple[str, str, str]
RIGHT: Edit = (ROUTER, DECORATOR, GUARDED)
USERS, PATIENTS, MAIN = "vetbook/users/router.py", "vetbook/patients/router.py", "vetbook/main.py"
INCLUDE = "app.include_router(visits_router)"
BODY = "    db.delete(find(db, patient_id, visit_id))"
READ = 'scopes=["visits:read"])]'
APP = 'FastAPI(title="Vetbook"'


def guarded(file: str, decorator: str, guard: str = "Security(get_current_active_user)") -> Edit:
    return (file, decorator, decorator.removesuffix(")") + f", dependencies=[{guard}])")


def with_guard(old: str, new: str) -> Edit:
    return (ROUTER, DECORATOR, GUARDED.replace(old, new))


MUTATIONS: dict[str, tuple[Edit, ...]] = {
    "nothing is attached": (),
    "on the wrong endpoint": (guarded(USERS, '@router.post("/token")', "Depends(get_current_active_user)"),),
    "on one more": (RIGHT, guarded(PATIENTS, '@router.post("/{patient_id}/discharge", response_model=PatientOut)')),
    "a dependency that refuses nobody": (with_guard("get_current_active_user", "lambda: None"),),
    "another guard": (
        with_guard("get_current_active_user", "oauth2_scheme"),
        (ROUTER, "import get_current_active_user", "import get_current_active_user, oauth2_scheme"),
    ),
    "the method is another": (with_guard("delete", "patch"),),
    "the path is another": (with_guard("{visit_id}", "{visit_id}/all"),),
    "the endpoint is gone": ((ROUTER, DECORATOR, ""),),
    "a neighbour lost its guard": (RIGHT, (ROUTER, f", dependencies=[Security(get_current_active_user, {READ}", "")),
    "a neighbour asks for another scope": (RIGHT, (ROUTER, READ, READ.replace("read", "write"))),
    "its body refuses, and no guard": ((ROUTER, BODY, "    raise HTTPException(status_code=401)"),),
    "another route comes before it": (
        RIGHT,
        (MAIN, INCLUDE, f'app.delete("/patients/{{a}}/visits/{{b}}")(lambda a, b: None)\n{INCLUDE}'),
    ),
    "a new endpoint": (RIGHT, (MAIN, INCLUDE, f'{INCLUDE}\napp.get("/more")(lambda: 1)')),
    "all of the app is closed": (
        RIGHT,
        (MAIN, APP, f"{APP}, dependencies=[Depends(get_current_active_user)]"),
        (MAIN, "import FastAPI", "import Depends, FastAPI\nfrom vetbook.users.security import get_current_active_user"),
    ),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return changed(tmp_path_factory.mktemp("before"), ())


def changed(place: Path, edits: tuple[Edit, ...]) -> Project:
    root = copy("vetbook", place)
    if edits:
        edits = (*edits, (ROUTER, *IMPORT))
    for name, old, new in edits:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_project(root, python=interpreter("vetbook"))


def test_the_right_change_breaks_nothing(tmp_path: Path, before: Project) -> None:
    assert list(broken_promises(PROMISE, before, changed(tmp_path, (RIGHT,)))) == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_other_change_is_seen(mutation: str, tmp_path: Path, before: Project) -> None:
    assert list(broken_promises(PROMISE, before, changed(tmp_path, MUTATIONS[mutation])))
