"""Work that a twin of this process does on another processor, while this one goes on."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable

_TURN_SECONDS = 0.005


class Aside:
    """Work whose result goes into a file. Where no twin can do it, or none does in time, it is done here at the end."""

    def __init__(self, work: Callable[[], None], limit: float) -> None:
        self._work = work
        self._limit = limit
        self._twin = 0

    def begin(self) -> None:
        """Let a twin begin. It takes nothing with it but this thread, so the work must wait for no other."""
        if sys.platform != "linux":  # elsewhere, system libraries do not stand it
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newer Python warns of threads that wait for each other
            self._twin = os.fork()
        if self._twin == 0:
            try:
                self._work()
                os._exit(0)
            finally:
                os._exit(1)

    def finish(self) -> None:
        """Return when the work is done."""
        if not self._twin or self._waited() != 0:
            self._work()

    def _waited(self) -> int | None:
        until = time.monotonic() + self._limit
        while True:
            try:
                ended, status = os.waitpid(self._twin, os.WNOHANG)
            except ChildProcessError:
                return None  # the app waits for children of its own, and got this one
            if ended:
                return status
            if time.monotonic() > until:
                return None
            time.sleep(_TURN_SECONDS)
