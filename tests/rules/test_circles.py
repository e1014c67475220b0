"""Apps whose functions call each other: the search for what a value is and where it comes from ends, and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fastwright.verbs.check import CheckRequest, check
from tests.rules.documented import findings

_HEAD = """
from fastapi import Depends, FastAPI
from sqlalchemy import select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from circles.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Part(Base):
    __tablename__ = "parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""
_TAIL = """

@app.get("/parts/{name}")
def find(name: str, order: str, session: Session = Depends(get_session)) -> int:
    return step_0(name, order, session)


@app.get("/names")
def names(name: str, session: Session = Depends(get_session)) -> int:
    return session.execute(text(f"SELECT 1 FROM parts WHERE name = '{name}'")).scalar()
"""
FUNCTIONS = 6
# It takes a hundredth of that; before the search had an end, two functions took more than a minute.
SECONDS = 20


def functions(body: str) -> str:
    """Return functions of which each calls all others, twice, with what it was given in another order."""
    everyone = range(FUNCTIONS)
    written: list[str] = []
    for number in everyone:
        calls = [f"step_{other}(second, step_{other}(first, second, session), session)" for other in everyone]
        written.append(
            f"def step_{number}(first, second, session):\n    {body}\n"
            + "".join(
                f"    if first == {other}:\n        return {call}\n"
                for other, call in zip(everyone, calls, strict=True)
            )
            + f"    query = {calls[0]}\n    return query.where(Part.name == {calls[-1]}).limit(second)\n"
        )
    return "\n\n".join(written)


@pytest.mark.parametrize(
    "body",
    [
        "first = first + second",
        "session.execute(text(f'SELECT {first} FROM parts'))",
        "statement = select(Part).where(Part.name == first)",
        "first = Part(name=second, **first)",
    ],
)
def test_functions_that_call_each_other_are_checked_in_time(body: str, tmp_path: Path) -> None:
    started = time.process_time()
    found = findings(tmp_path, {"app.py": f"{_HEAD}\n\n{functions(body)}{_TAIL}"})
    assert time.process_time() - started < SECONDS
    assert "sql-from-string" in {one.rule for one in found if one.symbol == "names"}


def test_objects_that_are_made_of_each_other_are_checked_in_time(tmp_path: Path) -> None:
    classes = "\n\n".join(
        f"class Link{number}:\n    def __init__(self, other, session):\n        self.session = session\n"
        f"        self.other = Link{(number + 1) % FUNCTIONS}(self, other.other.session)\n\n"
        f"    def run(self, name):\n        return self.other.run(self.other.other.run(name))\n"
        for number in range(FUNCTIONS)
    )
    tail = _TAIL.replace("step_0(name, order, session)", "Link0(Link1(None, session), session).run(name)")
    started = time.process_time()
    found = findings(tmp_path, {"app.py": f"{_HEAD}\n\n{classes}{tail}"})
    assert time.process_time() - started < SECONDS
    assert "sql-from-string" in {one.rule for one in found if one.symbol == "names"}


def test_types_and_variables_that_name_themselves_have_an_end(tmp_path: Path) -> None:
    text = (
        'import os\n\nfrom fastapi import FastAPI\n\nJson = dict[str, "Json"]\nAPI_KEY = os.environ["API_KEY"]\n'
        'app = FastAPI()\n\n\n@app.post("/values", status_code=201)\ndef keep(value: Json) -> Json:\n'
        "    print(API_KEY)\n    return value\n"
    )
    request = CheckRequest(project=tmp_path, static=True)
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    result = check(request)
    assert not result.unread
    assert ("secret-in-log", 12) in {(one.rule, one.line) for one in result.findings}
