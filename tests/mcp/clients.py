"""Clients of the server, in memory on both versions of the protocol, and the people behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

from mcp import Client
from mcp.client.session import ElicitationFnT
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent

from fastwright.mcp.roots import roots
from fastwright.mcp.server import build_server

Mode = Literal["auto", "legacy"]
MODES: tuple[Mode, ...] = ("auto", "legacy")


def connect(
    *directories: Path,
    python: Path | None = None,
    mode: Mode = "auto",
    person: ElicitationFnT | None = None,
    yes: bool = False,
) -> Client:
    """Return a client, to be entered, of a server for these directories."""
    server = build_server(roots(directories, python), yes=yes)
    return Client(server, mode=mode, elicitation_callback=person)


class Person:
    """Somebody who is asked, and keeps the questions; without an answer, they decline."""

    def __init__(self, *, land: bool | None) -> None:
        self.asked: list[str] = []
        self._land = land

    async def __call__(self, context: Any, params: ElicitRequestParams) -> ElicitResult:
        assert context is not None
        self.asked.append(params.message)
        if self._land is None:
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content={"land": self._land})


def data(result: CallToolResult) -> dict[str, Any]:
    """Return the JSON of an answer."""
    assert isinstance(result.structured_content, dict), result.content
    return cast("dict[str, Any]", result.structured_content)


def text(result: CallToolResult) -> str:
    (part,) = result.content
    assert isinstance(part, TextContent)
    return part.text
