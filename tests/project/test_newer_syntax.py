"""Syntax that is newer than the Python that we run on is read by everybody who reads the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fastwright.project.source import Source, parsed
from fastwright.project.static import read_static

NEWER = """\
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Page[T: (int, str), *Rest]:
    items: list[T]


async def caller[T](value: T) -> T:
    try:
        return value
    except ValueError, KeyError:
        raise


type Caller[T] = Annotated[T, Depends(caller)]
type Name = str


@app.get("/pages")
async def pages(who: Caller[int]) -> list[int]:
    return []
"""


def test_type_parameters_aliases_and_bare_excepts_are_read_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(NEWER, encoding="utf-8")
    (file,) = Source.read(tmp_path).files.values()
    assert file.problem is None
    (endpoint,) = read_static(tmp_path).endpoints
    assert (endpoint.path, endpoint.line) == ("/pages", NEWER[: NEWER.index("async def pages")].count("\n") + 1)
    function = next(node for node in ast.walk(file.tree) if isinstance(node, ast.AsyncFunctionDef))
    assert NEWER.splitlines()[function.lineno - 1][function.args.args[0].col_offset :].startswith("value")


def test_what_is_wrong_in_any_python_stays_wrong() -> None:
    with pytest.raises(SyntaxError):
        parsed("def broken[T(:\n    pass\n")


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ('f"a:{p.get("b")}:c"', "f\"a:{p.get('b')}:c\""),
        ('f"{", ".join(f"{k}={v!r:>{w}}" for k, v in d)} {{no}} {at:%H:%M}"', None),
        ('f"""{d["a"]} {"""b"""} {f"{c["d"]}"}"""', None),
        ('rf"\\d{n}{d["a"]}\\"" f"\\"{d["b"]}"', None),
        ("t'{name} {d['key']}'", "f\"{name} {d['key']}\""),
        ('f"{x:{w["a"]}} {y!r} {z["b"]=}"', None),
    ],
)
def test_fields_of_strings_have_any_quotes(newer: str, older: str | None) -> None:
    tree = parsed(f"# it's\nx = {newer}; y = 1")
    (first, second) = tree.body
    assert isinstance(first, ast.Assign)
    assert isinstance(first.value, ast.JoinedStr)
    assert second.col_offset == len(f"x = {newer}; ")
    if older is not None:
        assert ast.dump(first) == ast.dump(ast.parse(f"x = {older}").body[0])


@pytest.mark.parametrize(
    "newer",
    [
        'f"{"\\n".join(lines)}"',
        'f"{f"{f"{f"{deep}"}"}"}"',
        'f"{\n    total(  # of "all"\n        "rows")\n} rows"',
        'f"{first}{\n  second}"',
    ],
)
def test_what_no_older_string_can_say_is_blank_and_the_lines_stay(newer: str) -> None:
    tree = parsed(f"x = {newer}\ny = 1\n")
    assert tree.body[-1].lineno == newer.count("\n") + 2
