"""The proof as a page of the new project."""

from __future__ import annotations

from collections.abc import Mapping

from fastwright.proof.model import Proof

NOT_CHECKED = (
    "Load, and behaviour with more than one process: limits, cache and background work live in one process each.",
    "PostgreSQL: the proof ran on SQLite. Run `make test` with your server in CI before you rely on it.",
    "The container image: no container engine is needed for the proof, so none was used.",
)


def report(proof: Proof, versions: Mapping[str, str]) -> str:
    """Return `PROOF.md`: what was run, what it showed, and what was not looked at."""
    rows = [
        f"| {step.title} | {step.status} | {step.evidence.splitlines()[0] if step.evidence else ''} "
        f"| {step.seconds:.1f} s | `{step.command}` |"
        for step in proof.steps
    ]
    lines = [
        "# Proof",
        "",
        "This project was written only after these steps had passed on a staged copy. Each can be run again by hand,",
        "in the environment that `make dev` sets up; `make check` runs them all.",
        "",
        "| step | result | evidence | time | by hand |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"All steps together took {proof.seconds:.1f} s; those that do not need each other ran side by side.",
        "",
        "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
        "",
        "## What was not checked",
        "",
        *(f"- {line}" for line in NOT_CHECKED),
        "",
    ]
    return "\n".join(lines)
