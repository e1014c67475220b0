"""Run a verb beside the event loop, tell how far it is, and end it when nobody waits for it any more."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import anyio
from anyio.from_thread import run as run_in_loop
from anyio.lowlevel import EventLoopToken, current_token
from mcp.server.mcpserver import Context

from fastwright.proof.model import Event, Finished, Planned, Progress, Started

T = TypeVar("T")
_GRACE_SECONDS = 10.0
_AGAIN_SECONDS = 3.0


class Stopped(BaseException):
    """The client does not want the result any more; what Ctrl-C is at the terminal."""


async def run_beside(work: Callable[[], T]) -> T:
    """Run `work` in a thread and return what it returns. Cancelled, it is ended first, with all that it started."""
    job = _Job(work, current_token())
    job.start()
    try:
        await job.done.wait()
    except anyio.get_cancelled_exc_class():
        with anyio.move_on_after(_GRACE_SECONDS, shield=True):
            while not job.done.is_set():
                job.stop()  # again, since what is raised while an object is taken down goes no further
                with anyio.move_on_after(_AGAIN_SECONDS):
                    await job.done.wait()
        raise
    return job.outcome()


def progress_of(context: Context[Any, Any], told: Told) -> Progress:
    """Return what tells the client of every step that begins or ends. It is called in the thread of a verb."""
    token = current_token()

    def tell(event: Event) -> None:
        before, message = told.done, told.note(event)
        if told.done == before > 0:
            return  # a second proof begins, and nothing of it is done: the number has to grow every time
        with contextlib.suppress(anyio.RunFinishedError):
            run_in_loop(context.report_progress, told.done, told.total, message, token=token)

    return tell


@dataclass
class Told:
    """How much of how much a client was told to be done. A step that has begun is half done: the number always grows.

    A call that plans first and lands then has two proofs; they are counted together.
    """

    total: int = 0
    _halves: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def done(self) -> float:
        return sum(self._halves.values()) / 2

    def note(self, event: Event) -> str:
        """Count an event, and return it as a sentence."""
        match event:
            case Planned(steps):
                self._halves = {"before": sum(self._halves.values())}
                self.total += len(steps)
                return f"{len(steps)} steps: {', '.join(step.title for step in steps)}"
            case Started(step):
                self._halves[step.name] = 1
                return f"{step.title} …"
            case Finished(result):
                self._halves[result.name] = 2
                return f"{result.title}: {result.status} in {result.seconds:.1f} s"


class _Job(Generic[T]):
    """A thread that can be ended. Verbs end their child processes on the way out of any exception."""

    def __init__(self, work: Callable[[], T], token: EventLoopToken) -> None:
        self.done = anyio.Event()
        self._work = work
        self._token = token
        self._lock = threading.Lock()
        self._running = True
        self._stopped = False
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="verb", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Raise `Stopped` in the thread, wherever it is; it waits for child processes only in short turns."""
        self._stopped = True
        with self._lock:
            thread = self._thread.ident
            if self._running and thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Stopped))

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _run(self) -> None:
        try:
            self._do()
        except Stopped:  # it came between the end of the work and the lock
            self._error = Stopped()
        with contextlib.suppress(anyio.RunFinishedError):
            run_in_loop(self._set_done, token=self._token)

    def _do(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is waited for
            # One that nobody waits for goes at once, and what its frames held, such as a child, goes with it.
            self._error = Stopped() if self._stopped else error
        finally:
            with self._lock:
                self._running = False

    async def _set_done(self) -> None:
        self.done.set()
