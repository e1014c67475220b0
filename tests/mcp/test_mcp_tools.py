"""The verbs as tools: what a client sees of them, and that an answer is what the command line prints."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent, TextResourceContents

from fastwright.cli import run
from fastwright.mcp.verbtool import verb_tools
from tests.mcp.clients import MODES, Mode, connect, data, text

pytestmark = pytest.mark.anyio
FORGOTTEN = "/patients/{id}/visits"


@pytest.mark.parametrize("mode", MODES)
async def test_map_answers_what_the_command_line_prints(
    mode: Mode, vetbook: Path, python: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with connect(vetbook, python=python, mode=mode) as client:
        answer = await client.call_tool("map", {})
    assert run(["map", "--project", str(vetbook), "--python", str(python), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert not answer.is_error
    assert data(answer) == printed
    assert json.loads(text(answer)) == printed


async def test_every_tool_says_what_it_does_to_the_project(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(verb_tools()) | {"plan", "apply"} == set(tools)
    reads = {name for name, tool in tools.items() if tool.annotations and tool.annotations.read_only_hint}
    assert {"map", "prove", "plan"} <= reads
    assert not {"new", "protect", "undo", "apply"} & reads
    for name, tool in tools.items():
        assert tool.annotations is not None
        assert tool.description
        assert tool.output_schema is not None, name
        Draft202012Validator.check_schema(tool.output_schema)
        Draft202012Validator.check_schema(tool.input_schema)


def test_what_changes_a_project_can_be_tried_without_landing() -> None:
    for name, tool in verb_tools().items():
        assert ("dry_run" in tool.request.model_fields) == (tool.effect != "reads"), name


async def test_every_argument_is_described(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        tools = (await client.list_tools()).tools
    bare = [
        f"{tool.name}: {name}"
        for tool in tools
        for name, schema in tool.input_schema.get("properties", {}).items()
        if not schema.get("description")
    ]
    assert not bare


async def test_an_argument_that_is_not_known_is_named_and_not_ignored(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        answer = await client.call_tool("protect", {"path": FORGOTTEN, "excepting": ["/a"]})
    assert answer.is_error
    assert "excepting" in text(answer)


async def test_an_error_has_the_message_and_the_hint_of_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.py").write_text("x = 1\n", encoding="utf-8")
    async with connect(tmp_path) as client:
        answer = await client.call_tool("map", {})
    assert run(["map", "--project", str(tmp_path), "--json"]) == 2
    assert answer.is_error
    assert data(answer) == json.loads(capsys.readouterr().out)
    assert data(answer)["error"]["hint"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("map", {"project": "/"}),
        ("map", {"project": ".."}),
        ("map", {"project": "link"}),
        ("map", {"env_file": "../secrets"}),
        ("check", {"paths": ["sub", "../other"]}),
        ("new", {"name": "shop", "directory": "/tmp"}),
        ("new", {"name": "shop", "design": "../design.yaml"}),
        ("undo", {"project": "link/.."}),
    ],
)
async def test_nothing_outside_of_the_roots_can_be_named(tool: str, arguments: dict[str, Any], tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "other" / "deep").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path / "other" / "deep")
    async with connect(root, yes=True) as client:
        answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    assert "is outside of what this server may work in" in data(answer)["error"]["message"]


async def test_a_client_cannot_name_a_program_to_run(vetbook: Path) -> None:
    async with connect(vetbook, yes=True) as client:
        takers = [
            tool.name for tool in (await client.list_tools()).tools if "python" in tool.input_schema["properties"]
        ]
        answer = await client.call_tool("map", {"python": "/bin/sh"})
    assert not takers
    assert answer.is_error


async def test_the_roots_are_where_the_server_was_started_if_none_is_named(
    vetbook: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vetbook.parent)
    async with connect(python=python) as client:
        inside = await client.call_tool("map", {"project": "vetbook"})
        outside = await client.call_tool("map", {"project": os.fspath(vetbook.parent.parent)})
    assert not inside.is_error
    assert outside.is_error


async def test_resources_are_the_map_and_who_may_call_what(vetbook: Path, python: Path) -> None:
    async with connect(vetbook, python=python) as client:
        uris = {str(one.uri) for one in (await client.list_resources()).resources}
        mapped, access = [await _read(client, f"fastwright://{name}") for name in ("map", "access")]
    assert uris == {"fastwright://map", "fastwright://access", "fastwright://rules"}
    rows = {f"{row['method']} {row['path']}": row for row in access["endpoints"]}
    assert len(rows) == len(mapped["endpoints"])
    assert rows["DELETE /patients/{patient_id}/visits/{visit_id}"]["who"] == "anybody"
    assert any(row["guards"] and row["proven"] for row in rows.values())


async def test_every_rule_has_a_page_that_can_be_read(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        listed = await _text(client, "fastwright://rules")
        names = re.findall(r"^- ([\w-]+) \(", listed, re.MULTILINE)
        page = await _text(client, f"fastwright://rules/{names[0]}")
        with pytest.raises(MCPError, match="there is no rule dragons"):
            await client.read_resource("fastwright://rules/dragons")
    assert len(names) > 20
    assert page.startswith(f"# {names[0]}\n")
    assert "## " in page


async def test_prompts_speak_only_of_tools_that_are_there(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        names = [one.name for one in (await client.list_prompts()).prompts]
        texts = {name: await _prompt(client, name) for name in names}
    assert {"create-backend", "protect-endpoints", "prove-change"} <= set(texts)
    for words in texts.values():
        assert "the posts" in words
        assert set(words.split("`")[1::2]) - tools <= {"broken", "incomplete", "proven"}


async def _read(client: Client, uri: str) -> dict[str, Any]:
    return json.loads(await _text(client, uri))


async def _text(client: Client, uri: str) -> str:
    (contents,) = (await client.read_resource(uri)).contents
    assert isinstance(contents, TextResourceContents)
    return contents.text


async def _prompt(client: Client, name: str) -> str:
    content = (await client.get_prompt(name, {"about": "the posts"})).messages[0].content
    assert isinstance(content, TextContent)
    return content.text
