"""The coding agents that it can be installed for, and where each looks for what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from fastwright.verbs.skill.pieces import Entry, OwnFile, Piece, Section

Client = Literal["agents", "claude", "codex", "cursor", "gemini"]
CLIENTS: tuple[Client, ...] = get_args(Client)

SKILL = "skills/backend-skill/SKILL.md"
_AGENT = "agents/fastapi-backend-dev.md"
_SERVER = {"command": "fastwright", "args": ["mcp"]}
_RULE = """\
## Backend work goes through Fastwright

Every change to the FastAPI backend is made by a verb of `fastwright`, or is proven by `fastwright prove` before it is
called done. Read the Backend Skill first (`{skill}`): it has the procedure. In short:

- `fastwright map --json` before you plan: endpoints, who may call them, models. Never from memory.
- A verb where there is one (`fastwright --help`): it proves its change on a copy and lands it only then.
- `fastwright prove --json` after what you wrote yourself. Say "done" only with the verdict `proven`; name what is not.
- A refusal has a reason and a hint. Report it, and do not do by hand what was refused.
"""


def pieces(client: Client) -> tuple[Piece, ...]:
    """Return what is installed for a client."""
    return _PIECES[client]()


def _claude() -> tuple[Piece, ...]:
    # In a project, a skill has no plugin before its name.
    agent = shipped(_AGENT).replace("fastwright:backend-skill", "backend-skill")
    return (
        OwnFile(f".claude/{SKILL}", shipped(SKILL)),
        OwnFile(f".claude/{_AGENT}", agent),
        Entry(".claude/settings.json", json.loads(shipped("hooks/hooks.json"))),
        Entry(".mcp.json", {"mcpServers": {"fastwright": _SERVER}}),
    )


def _agents() -> tuple[Piece, ...]:
    return (_open_skill(), Section("AGENTS.md", _rule()))


def _codex() -> tuple[Piece, ...]:
    return (
        *_agents(),
        OwnFile(".codex/agents/fastapi-backend-dev.toml", _codex_agent()),
        Section(".codex/config.toml", '[mcp_servers.fastwright]\ncommand = "fastwright"\nargs = ["mcp"]'),
    )


def _cursor() -> tuple[Piece, ...]:
    about = "Procedure and proof for all work on the FastAPI backend"
    head = f'---\ndescription: {about}\nglobs: "**/*.py"\nalwaysApply: false\n---\n'
    return (
        _open_skill(),
        OwnFile(".cursor/rules/fastwright.mdc", f"{head}\n{_rule()}"),
        Entry(".cursor/mcp.json", {"mcpServers": {"fastwright": _SERVER}}),
    )


def _gemini() -> tuple[Piece, ...]:
    return (
        _open_skill(),
        Section("GEMINI.md", _rule()),
        Entry(".gemini/settings.json", {"mcpServers": {"fastwright": _SERVER}}),
    )


_PIECES: Mapping[Client, Callable[[], tuple[Piece, ...]]] = {
    "agents": _agents,
    "claude": _claude,
    "codex": _codex,
    "cursor": _cursor,
    "gemini": _gemini,
}


def _open_skill() -> OwnFile:
    """Return the skill where all clients of the open specification look."""
    return OwnFile(f".agents/{SKILL}", shipped(SKILL))


def _rule() -> str:
    return _RULE.format(skill=f".agents/{SKILL}")


def _codex_agent() -> str:
    head, body = shipped(_AGENT).removeprefix("---\n").split("\n---\n", 1)
    fields: dict[str, Any] = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    instructions = body.strip().replace("which is loaded with you", f"`.agents/{SKILL}`")
    return "\n".join(
        [
            f"name = {json.dumps(fields['name'])}",
            f"description = {json.dumps(fields['description'])}",
            f'developer_instructions = """\n{instructions}\n"""',
        ]
    )


@cache
def shipped(path: str) -> str:
    """Return a file of the plugin that is part of this package."""
    return (files("fastwright") / "plugin" / path).read_text(encoding="utf-8")
