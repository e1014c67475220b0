"""Apps of one file that a test writes, measured as `optimize` does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from fastwright.measure.causes import find_causes
from fastwright.measure.loops import Loops
from fastwright.measure.measured import Measurement, Request
from fastwright.measure.model import Cause
from fastwright.measure.notes import find_notes
from fastwright.measure.postgres import Server
from fastwright.measure.running import Laboratory, Wish
from fastwright.project.locate import find_entry
from fastwright.project.read import read_source
from fastwright.proof.guard import Guard
from tests.measure import corpus

HEAD = """
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import *
from sqlalchemy.orm import *

engine = create_engine("sqlite:///app.db")
app = FastAPI()

class Base(DeclarativeBase):
    pass

def open_session():
    with Session(engine) as session:
        yield session
"""


class Measured:
    """One app, measured once."""

    def __init__(self, root: Path, measurement: Measurement) -> None:
        self.root = root
        self.measurement = measurement

    def number(self, path: str) -> int:
        return [one.path for one in self.measurement.endpoints].index(path)

    def request(self, path: str) -> Request:
        """Return the request to an endpoint with the most rows."""
        requests = self.measurement.requests(self.number(path))
        return requests[max(requests)]

    def counts(self, path: str) -> dict[int, int]:
        return self.measurement.counts(self.number(path))

    def entries(self, path: str) -> dict[int, int | None]:
        return {size: one.entries for size, one in self.measurement.requests(self.number(path)).items()}

    def causes(self, path: str) -> tuple[Cause, ...]:
        return find_causes(self.measurement, self.number(path), Loops(self.root))

    def notes(self, path: str) -> tuple[Cause, ...]:
        return find_notes(self.measurement, self.number(path), (), self.root)

    @property
    def problems(self) -> dict[str, str]:
        return self.measurement.largest.problems


Measure = Callable[..., Measured]


def measurer(directory: Path, guard: Guard, server: Server | None = None, python: Path | None = None) -> Measure:
    """Return what measures an app that is given as text, to be put below `HEAD`, or as a whole with `head=""`."""

    def measure(text: str, *, head: str = HEAD, sizes: tuple[int, ...] = (3, 30)) -> Measured:
        root = directory / f"app-{len(list(directory.iterdir()))}"
        root.mkdir()
        (root / "main.py").write_text(head + dedent(text), encoding="utf-8")
        entry, _others = find_entry(read_source(root))
        laboratory = Laboratory(directory, python or corpus.interpreter(), entry, {}, guard, server)
        return Measured(root, laboratory.measure(root, Wish(sizes=sizes)))

    return measure
