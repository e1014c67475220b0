"""`fastwright skill`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

import click

from fastwright.cli import options

CLIENTS = ("agents", "claude", "codex", "cursor", "gemini")


@click.group()
def command() -> None:
    """Teach the procedure to the coding agent that works on a project."""


@command.command("install")
@click.option("--for", "client", type=click.Choice(CLIENTS), required=True, help="The agent; `agents` is AGENTS.md.")
@options.project
@click.option("--dry-run", is_flag=True, help="Show what it would do.")
@options.as_json
@options.debug
def install(*, client: str, project: Path, dry_run: bool, as_json: bool) -> None:
    """Put the Backend Skill into a project, for one agent.

    With it go the settings by which the agent finds the skill and the verbs. What people wrote stays: in files that are
    shared it has a section or an entry of its own, and a file of its own that was edited is left alone. A second run
    changes nothing.

    \b
    fastwright skill install --for claude
    fastwright skill install --for codex --dry-run
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    from fastwright.render.skill import print_skill
    from fastwright.verbs.skill.install import SkillRequest, install_skill

    request = SkillRequest.model_validate({"client": client, "project": project, "dry_run": dry_run})
    result = install_skill(request)
    if as_json:
        click.echo(result.model_dump_json())
    else:
        print_skill(result)


@command.command("gate")
@options.debug
def gate() -> None:
    """Prove what an agent changed before it stops.

    For stop hooks: it reads what the hook is told, as JSON, from standard input. If the change broke something, it
    prints the answer that sends the agent back, with the evidence; it does so once.
    """
    from fastwright.verbs.skill.gate import GateRequest
    from fastwright.verbs.skill.gate import gate as prove_before_stop

    told = _told()
    place, again = told.get("cwd"), bool(told.get("stop_hook_active"))
    result = prove_before_stop(GateRequest(project=Path(place) if isinstance(place, str) else Path(), again=again))
    if result.gate == "closed":
        click.echo(json.dumps({"decision": "block", "reason": result.text}))
    elif result.gate == "told":
        click.echo(json.dumps({"systemMessage": f"Fastwright: {result.text}"}))


def _told() -> dict[str, object]:
    """Return what a hook writes; nothing where a person runs it."""
    try:
        told: object = {} if sys.stdin.isatty() else json.loads(sys.stdin.read() or "{}")
    except ValueError:
        return {}
    return cast("dict[str, object]", told) if isinstance(told, dict) else {}
