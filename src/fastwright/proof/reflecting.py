"""The tables of a database that exists, read in a child process; that database is never written to."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fastwright.errors import InputError
from fastwright.project.child import guest
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox

_SECONDS = 120.0
_SETTING_UP = 900.0
_SQLITE = re.compile(r"sqlite(\+\w+)?:///(?P<path>[^?]+)")
_POSTGRES = re.compile(r"postgres(ql)?(\+\w+)?://(?P<rest>.+)")
_SIDES = ("", "-wal")


def reflected(url: str, settings: str) -> list[Mapping[str, Any]]:
    """Return what the database at `url` has; `settings` is a `pyproject.toml` that names SQLAlchemy and the drivers.

    SQLite would put files beside a database to read it, so a copy is read. Raises `InputError` if it cannot be read;
    the message never has the URL, as there may be a password in it.
    """
    with tempfile.TemporaryDirectory(prefix="fastwright-") as place, Guard() as guard:
        scratch = Path(place).resolve()
        (scratch / "pyproject.toml").write_text(settings, encoding="utf-8")
        environment = Environment.of(scratch)
        cancelled = threading.Event()
        try:
            environment.prepare(Sandbox(scratch, scratch, time.monotonic() + _SETTING_UP, guard, cancelled))
            request = {"what": "reflection", "url": _readable(url, scratch), "result": str(scratch / "result.json")}
            told = scratch / "request.json"
            told.write_text(json.dumps(request), encoding="utf-8")
            box = Sandbox(scratch, scratch, time.monotonic() + _SECONDS, guard, cancelled)
            box.run(guest(environment.python, "fastwright.proof.guest.running", told))
        except StepFailed as error:
            raise _unreadable(str(error)) from error
        result: Mapping[str, Any] = json.loads((scratch / "result.json").read_text(encoding="utf-8"))
    if "tables" not in result:
        raise _unreadable(str(result.get("problem", "")))
    tables: list[Mapping[str, Any]] = result["tables"]
    return tables


def _readable(url: str, scratch: Path) -> str:
    """Return the URL that is connected to: with the driver that is there, and to a copy of what is a file."""
    if found := _SQLITE.match(url):
        path = Path(unquote(found["path"]))
        if not path.is_file():
            raise InputError("there is no such SQLite database", hint="name a file: sqlite:///shop.db")
        for side in _SIDES:
            beside = path.with_name(path.name + side)
            if beside.is_file():
                shutil.copyfile(beside, scratch / f"copy.db{side}")
        return f"sqlite+aiosqlite:///{scratch / 'copy.db'}"
    if found := _POSTGRES.match(url):
        return f"postgresql+asyncpg://{found['rest']}"
    hint = "name it as sqlite:///shop.db or postgresql://user@host/name"
    raise InputError("only SQLite and PostgreSQL can be read", hint=hint)


def _unreadable(problem: str) -> InputError:
    last = re.sub(r"://\S+", "://…", (problem.strip().splitlines() or ["it said nothing"])[-1])
    return InputError(f"the database cannot be read: {last}", hint="see that it runs and that this user may read it")
