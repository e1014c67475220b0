"""A project that is itself the package which its modules import from, such as the `app` that an image is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.outside import package_of
from fastwright.project.source import Source
from fastwright.project.static import read_static

FILES = {
    "main.py": "from fastapi import FastAPI\nfrom app.boats.routes import router\napp = FastAPI()\n"
    "app.include_router(router)\n",
    "boats/routes.py": "from fastapi import APIRouter\nfrom app.base import names\nrouter = APIRouter()\n\n\n"
    '@router.get("/boats")\ndef boats() -> list[str]:\n    return names\n',
    "base.py": "names: list[str] = []\n",
}


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_routers_are_found_below_the_name_that_the_modules_call_the_project(tmp_path: Path) -> None:
    (endpoint,) = read_static(written(tmp_path, FILES)).endpoints
    assert (endpoint.path, endpoint.file) == ("/boats", "boats/routes.py")


@pytest.mark.parametrize(
    ("files", "package"),
    [
        (FILES, "app"),
        ({"app/main.py": "from app.base import x\nfrom app.more import y\n", "app/base.py": "", "app/more.py": ""}, ""),
        ({"main.py": "import fastapi.security\nimport fastapi.params\n", "security.py": ""}, ""),
        (
            {
                "main.py": "from fastapi import Form\nfrom fastapi.security import x\nfrom fastapi.params import y\n",
                "security.py": "",
                "params.py": "",
            },
            "",
        ),
    ],
)
def test_the_package_is_a_name_of_which_all_that_is_imported_is_there(
    tmp_path: Path, files: dict[str, str], package: str
) -> None:
    assert package_of(Source.read(written(tmp_path, files)).files) == package
