"""Work that a twin of this process does on another processor, while this one goes on."""

from __future__ import annotations

import os
import select
import sys
import warnings
from collections.abc import Callable


class Aside:
    """Work whose result goes into a file. Where no twin can do it, or none does in time, it is done here at the end."""

    def __init__(self, work: Callable[[], None], limit: float) -> None:
        self._work = work
        self._limit = limit
        self._word: int | None = None

    def begin(self) -> None:
        """Let a twin begin. It takes nothing with it but this thread, so the work must wait for no other."""
        if sys.platform != "linux":  # elsewhere, system libraries do not stand it
            return
        self._word, word = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newer Python warns of threads that wait for each other
            twin = os.fork()
        if twin == 0:
            try:
                self._work()
                os.write(word, b"done")
            finally:
                os._exit(0)
        os.close(word)

    def finish(self) -> None:
        """Return when the work is done. A twin that ends without a word has not done it."""
        if self._word is None or not select.select([self._word], [], [], self._limit)[0] or not os.read(self._word, 4):
            self._work()
