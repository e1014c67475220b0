"""The proof as a page of the new project, `PROOF.md`."""

from __future__ import annotations

from collections.abc import Mapping

from fastwright import __version__
from fastwright.proof.model import Proof, StepResult

NAMED_PACKAGES = (
    "fastapi",
    "starlette",
    "pydantic",
    "sqlalchemy",
    "alembic",
    "uvicorn",
    "pytest",
    "mypy",
    "ruff",
    "schemathesis",
)
_PAGE = """\
# Proof

This project was written on {day} by Fastwright {version}, and only after every step below had passed on a copy of
exactly these files. Each step is a command that you can run again; `make check` and `make contract` run most of them.

| Step | Result | Time | Evidence |
| --- | --- | ---: | --- |
{rows}

Steps that do not need each other ran side by side: {seconds:.1f} s in all.

## Run it again

```sh
{commands}
```

Migrations are run on a scratch file, since they drop every table on the way down; do not aim them at your database.

## Versions

{versions}

`uv.lock` has all of them, with hashes: it is what the steps ran with.

## What was not checked

- PostgreSQL. The steps ran on SQLite; run the tests and the migrations against your server in CI.
- The container image and `compose.yaml`. No container engine was used.
- Load, and more than one process: the cache, the limits and background work live in one process each.
- Delivery of mail. In the steps, mail went to memory or to the log.
"""


def report(proof: Proof, versions: Mapping[str, str], day: str) -> str:
    """Return the page: what was run, what it showed, how to run it again, and what was not looked at."""
    return _PAGE.format(
        day=day,
        version=__version__,
        rows="\n".join(_row(step) for step in proof.steps),
        seconds=proof.seconds,
        commands="\n".join(f"{step.command}  # {step.title.lower()}" for step in proof.steps),
        versions=", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
    )


def _row(step: StepResult) -> str:
    evidence = (step.evidence.splitlines() or [""])[0].replace("|", "\\|")
    return f"| {step.title} | {step.status} | {step.seconds:.1f} s | {evidence} |"
