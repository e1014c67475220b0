"""Give each step of a proof its own copy of the staged project."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

from fastwright.proof.guard import Guard
from fastwright.proof.model import Step
from fastwright.proof.runner import OpenSandbox
from fastwright.proof.sandbox import Sandbox
from fastwright.proof.staging import Stage


def sandboxes(stage: Stage, guard: Guard) -> OpenSandbox:
    """Return what opens the sandbox of a step.

    What a step leaves behind (caches, databases, an edited file) stays in its copy. So nothing has ever run in the
    directory that lands, and no step can be passed by what another one wrote.
    """

    def open_sandbox(step: Step, cancelled: threading.Event) -> Sandbox:
        scratch = stage.scratch / step.name
        scratch.mkdir(parents=True)
        directory = stage.project
        if not step.preparing:
            directory = scratch / "project"
            shutil.copytree(stage.project, directory, symlinks=True)
        return Sandbox(directory, scratch, time.monotonic() + step.timeout, guard, cancelled)

    return open_sandbox


def shared_sandbox(scratch: Path, guard: Guard) -> OpenSandbox:
    """Return what opens the sandboxes of steps that run nothing in the staged project itself, but in copies of it."""

    def open_sandbox(step: Step, cancelled: threading.Event) -> Sandbox:
        return Sandbox(scratch, scratch, time.monotonic() + step.timeout, guard, cancelled)

    return open_sandbox
