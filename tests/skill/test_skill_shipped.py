"""What is shipped for coding agents: it is valid where it is read, and every command in it exists."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from skills_ref.validator import validate
from uv import find_uv_bin

from fastwright import __version__
from fastwright.cli import run
from fastwright.mcp.verbtool import verb_tools
from fastwright.verbs.skill.clients import CLIENTS, Client, pieces, shipped
from fastwright.verbs.skill.install import SkillRequest, install_skill
from fastwright.verbs.skill.pieces import OwnFile

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "plugin"
SKILL = "skills/backend-skill/SKILL.md"
AGENT = "agents/fastapi-backend-dev.md"
COMMAND = re.compile(r"(?:^|`)fastwright (?P<verb>[a-z]+)(?P<rest>[^`\n]*)", re.MULTILINE)


def agnix(place: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("agnix")
    return subprocess.run([program, "--strict", place], capture_output=True, text=True, timeout=60, check=False)


def texts() -> dict[str, str]:
    """Return every text that tells an agent what to run, as it is shipped or installed."""
    written = {
        f"{client}: {piece.path}": piece.merged(None)
        for client in CLIENTS
        for piece in pieces(client)
        if piece.path.endswith((".md", ".mdc", ".toml"))
    }
    return {SKILL: shipped(SKILL), AGENT: shipped(AGENT), **written}


def test_the_skill_is_valid_by_the_open_specification() -> None:
    assert validate(PLUGIN / "skills" / "backend-skill") == []


def test_the_plugin_is_clean_by_agnix() -> None:
    done = agnix(PLUGIN)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_installed_is_clean_by_agnix(client: Client, tmp_path: Path) -> None:
    install_skill(SkillRequest(client=client, project=tmp_path))
    done = agnix(tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_command_that_is_shown_exists_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {(match["verb"], match["rest"]) for text in texts().values() for match in COMMAND.finditer(text)}
    assert len(shown) > 12
    for verb, rest in shown:
        words = [verb, *re.findall(r"^ (install|gate)\b", rest)]
        assert run([*words, "--help"]) == 0, words
        helped = capsys.readouterr().out
        assert not [option for option in re.findall(r"--[a-z-]+", rest) if option not in helped], (verb, rest)


def test_the_skill_tells_of_every_verb() -> None:
    shown = {match["verb"] for match in COMMAND.finditer(shipped(SKILL))}
    assert {name.removesuffix("_fix") for name in verb_tools()} <= shown  # `explain --fix` is a tool of its own


def test_the_command_that_finds_the_skill_of_fastapi_prints_where_it_is(tmp_path: Path) -> None:
    (line,) = (line for line in shipped(SKILL).splitlines() if line.startswith('python -c "import fastapi'))
    package = tmp_path / "fastapi"
    package.mkdir()
    (package / "__init__.py").touch()
    code = line.split('"')[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(package / ".agents" / "skills" / "fastapi" / "SKILL.md")


def test_the_agent_has_the_skill_loaded_and_must_use_it() -> None:
    head, _fence, body = shipped(AGENT).removeprefix("---\n").partition("\n---\n")
    assert "  - fastwright:backend-skill" in head.splitlines()
    assert "You MUST do all backend work through the Backend Skill" in body


def test_manifests_have_the_version_of_the_package_and_the_same_server() -> None:
    manifests = [json.loads((PLUGIN / name).read_text()) for name in (".claude-plugin/plugin.json", "plugin.json")]
    servers = [json.loads((PLUGIN / name).read_text())["mcpServers"] for name in (".mcp.json", "mcp.json")]
    assert {manifest["version"] for manifest in manifests} == {__version__}
    assert {manifest["name"] for manifest in manifests} == {"fastwright"}
    assert servers[1]["fastwright"] == {"type": "stdio", **servers[0]["fastwright"]}


def test_the_portable_manifest_has_only_what_its_schema_allows() -> None:
    people = {"author", "homepage", "repository", "license", "keywords"}
    manifest = json.loads((PLUGIN / "plugin.json").read_text())
    assert set(manifest) <= {"$schema", "name", "version", "description", "extensions"} | people
    server = json.loads((PLUGIN / "mcp.json").read_text())
    assert set(server) == {"$schema", "mcpServers"}
    assert manifest["$schema"].split("/")[4] == server["$schema"].split("/")[4] == "1.0.0"


def test_the_agent_of_codex_is_toml_with_what_codex_wants() -> None:
    (agent,) = (piece for piece in pieces("codex") if piece.path.startswith(".codex/agents/"))
    assert isinstance(agent, OwnFile)
    data = tomllib.loads(agent.merged(None))
    assert set(data) == {"name", "description", "developer_instructions"}
    assert ".agents/skills/backend-skill/SKILL.md" in data["developer_instructions"]


@pytest.mark.slow
def test_the_wheel_carries_what_is_installed(tmp_path: Path) -> None:
    subprocess.run([find_uv_bin(), "build", "--wheel", "--quiet", "-o", tmp_path, ROOT], check=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped_files = {path.relative_to(PLUGIN) for path in PLUGIN.rglob("*") if path.is_file()}
    assert {f"fastwright/plugin/{path}" for path in shipped_files} <= names
    assert f"fastwright/.agents/{SKILL}" in names
