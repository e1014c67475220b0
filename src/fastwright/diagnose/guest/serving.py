"""The conversation with the other side: a line of JSON in, a line of JSON out, until standard input closes.

The app is imported once. Every request is then answered in a process of its own, forked from this one: it starts the
app, with a copy of the scratch database, and ends. So no request sees what another one left behind.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from fastwright.diagnose.guest.answering import answer
from fastwright.diagnose.guest.describing import Operations
from fastwright.diagnose.guest.isolation import Scratch
from fastwright.project.probe.fences import Fences
from fastwright.project.probe.loading import ProbeFailed, load_app


def main(request_file: str) -> None:
    """Import the app that the file names, and answer until nobody asks any more."""
    request: dict[str, Any] = json.loads(Path(request_file).read_text(encoding="utf-8"))
    told = os.fdopen(request["out"], "w", encoding="utf-8")
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    # Kept open: the interpreter writes into it, from a thread of its own, where an import hangs.
    stacks = (Path(request["scratch"]) / "stacks.txt").open("w", encoding="utf-8")
    faulthandler.dump_traceback_later(request["seconds"], file=stacks)
    try:
        desk = Desk(request)
        first = desk.opened()
    except ProbeFailed as error:
        desk, first = None, {"failure": error.details}
    faulthandler.cancel_dump_traceback_later()
    _tell(told, first)
    for line in asked:
        if desk is not None:
            _tell(told, desk.reply(json.loads(line)))
    _end(request.get("temporary"))


def _tell(told: Any, answer: dict[str, Any]) -> None:
    told.write(json.dumps(answer, default=str) + "\n")
    told.flush()


def _end(temporary: str | None) -> None:
    """End all of us: nobody is there any more. A parent that was killed has not removed what it made for us."""
    if temporary:
        os.chdir(temporary)  # removal names entries without their directory, and the fences take them from here
        shutil.rmtree(temporary, ignore_errors=True)
    os._exit(0)


class Desk:
    """The app, and what it can be asked."""

    def __init__(self, request: dict[str, Any]) -> None:
        started = time.monotonic()
        scratch = Path(request["scratch"])
        self._request = request
        self.fences = Fences([request.get("temporary") or request["root"], str(scratch)])
        self.scratch = Scratch(scratch, self.fences)
        self.scratch.redirect()
        self.fences.put_up()
        self.app = load_app(request["entry"], request["root"])
        self.scratch.prepare()
        self.operations = Operations(self.app, request["root"])
        self.seconds = round(time.monotonic() - started, 3)

    def opened(self) -> dict[str, Any]:
        return {
            "routes": self.operations.routes(),
            "seconds": self.seconds,
            "databases": self.scratch.replaced,
            "tables": len(self.scratch.tables),
        }

    def reply(self, question: dict[str, Any]) -> dict[str, Any]:
        if question["do"] == "describe":
            return self.operations.describe(question["route"])
        return self._forked(question)

    def _forked(self, question: dict[str, Any]) -> dict[str, Any]:
        reading, writing = os.pipe()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._answer_and_end(question, writing)
        os.close(writing)
        limit = self._request["startup_seconds"] + self._request["answer_seconds"] + 2
        text = _read(reading, limit)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        self.scratch.restore()
        try:
            found: dict[str, Any] = json.loads(text)
        except ValueError:
            return {"failure": {"kind": "ended", "message": "the app ended its process while it answered"}}
        return found

    def _answer_and_end(self, question: dict[str, Any], writing: int) -> None:
        try:
            self.scratch.move()
            self.fences.answering = True
            found = asyncio.run(answer(self.app, question, self._request, self.scratch))
            found["refusals"] = self.fences.refusals
        except BaseException as error:  # noqa: BLE001 - whatever it is, the other side has to hear of it
            found = {"failure": {"kind": "fault", "message": f"{type(error).__name__}: {error}"}}
        with os.fdopen(writing, "w", encoding="utf-8") as told:
            told.write(json.dumps(found, default=str))
        os._exit(0)


def _read(source: int, limit: float) -> str:
    """Return all that comes until the other end closes, or until the time is up."""
    deadline = time.monotonic() + limit
    parts: list[bytes] = []
    while True:
        ready, _writable, _odd = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(source, 65_536) if ready else b""
        if not part:
            os.close(source)
            return b"".join(parts).decode("utf-8", "replace")
        parts.append(part)
