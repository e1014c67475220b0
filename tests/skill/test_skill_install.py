"""`fastwright skill install`: everything is put where the agent looks, and nothing of anybody else is touched."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from fastwright.cli import run
from fastwright.verbs.skill.clients import CLIENTS, Client
from fastwright.verbs.skill.install import Did, SkillRequest, install_skill
from tests.doors.terminal import tree


def install(root: Path, client: Client) -> dict[str, Did]:
    return {file.path: file.did for file in install_skill(SkillRequest(client=client, project=root)).files}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_second_run_changes_nothing(client: Client, tmp_path: Path) -> None:
    assert set(install(tmp_path, client).values()) == {"written"}
    before = tree(tmp_path)
    assert set(install(tmp_path, client).values()) == {"unchanged"}
    assert tree(tmp_path) == before


def test_all_clients_can_be_there_together(tmp_path: Path) -> None:
    for client in CLIENTS:
        assert set(install(tmp_path, client).values()) <= {"written", "unchanged"}


def test_what_people_wrote_in_shared_files_stays(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text("# Ours\n\nUse tabs.\n", encoding="utf-8")
    (tmp_path / ".codex").mkdir()
    (tmp_path / ".codex/config.toml").write_text(
        'model = "m"\n\n[mcp_servers.other]\ncommand = "x"\n', encoding="utf-8"
    )
    done = install(tmp_path, "codex")
    assert done["AGENTS.md"] == done[".codex/config.toml"] == "updated"
    assert (
        (tmp_path / "AGENTS.md").read_text(encoding="utf-8").startswith("# Ours\n\nUse tabs.\n\n<!-- fastwright begin")
    )
    config = tomllib.loads((tmp_path / ".codex/config.toml").read_text(encoding="utf-8"))
    assert config["model"] == "m"
    assert set(config["mcp_servers"]) == {"other", "fastwright"}


def test_settings_are_merged_and_keep_their_order_and_indent(tmp_path: Path) -> None:
    hook = {"hooks": [{"type": "command", "command": "make lint"}]}
    settings = {"model": "m", "hooks": {"Stop": [hook]}, "env": {"A": "é"}}
    (tmp_path / ".claude").mkdir()
    place = tmp_path / ".claude/settings.json"
    place.write_text(json.dumps(settings, indent=4, ensure_ascii=False), encoding="utf-8")
    (tmp_path / ".mcp.json").write_text('{"mcpServers": {"db": {"command": "db"}}}', encoding="utf-8")
    install(tmp_path, "claude")
    text = place.read_text(encoding="utf-8")
    merged = json.loads(text)
    assert list(merged) == ["model", "hooks", "env"]
    assert merged["hooks"]["Stop"][0] == hook
    assert merged["hooks"]["Stop"][1]["hooks"][0]["command"] == "fastwright skill gate"
    assert '\n    "model"' in text
    assert "é" in text
    assert set(json.loads((tmp_path / ".mcp.json").read_text(encoding="utf-8"))["mcpServers"]) == {"db", "fastwright"}


def test_a_hook_that_somebody_adjusted_is_not_added_again(tmp_path: Path) -> None:
    install(tmp_path, "claude")
    place = tmp_path / ".claude/settings.json"
    place.write_text(place.read_text(encoding="utf-8").replace("600", "60"), encoding="utf-8")
    assert install(tmp_path, "claude")[".claude/settings.json"] == "unchanged"


@pytest.mark.parametrize(
    ("client", "path", "text"),
    [
        ("claude", ".claude/skills/backend-skill/SKILL.md", "my own skill\n"),
        ("claude", ".mcp.json", '{"mcpServers": {"fastwright": {"command": "mine"}}}'),
        ("claude", ".mcp.json", "{ // a comment\n}"),
        ("claude", ".claude/settings.json", "[]"),
        ("codex", ".codex/config.toml", '[mcp_servers.fastwright]\ncommand = "mine"\n'),
        ("codex", ".codex/config.toml", "not = = toml"),
        ("agents", "AGENTS.md", "<!-- fastwright begin 0: half of it -->\n"),
    ],
)
def test_what_cannot_be_merged_is_left_alone_and_told(
    client: Client, path: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    assert run(["skill", "install", "--for", client, "--project", str(tmp_path)]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == [path])
    assert "left alone: " in line
    assert place.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("path", ["AGENTS.md", ".agents/skills/backend-skill/SKILL.md"])
def test_what_was_edited_after_it_was_installed_is_left_alone(path: str, tmp_path: Path) -> None:
    install(tmp_path, "agents")
    place = tmp_path / path
    edited = place.read_text(encoding="utf-8").replace("prove", "prove twice", 1)
    place.write_text(edited, encoding="utf-8")
    assert install(tmp_path, "agents")[path] == "kept"
    assert place.read_text(encoding="utf-8") == edited


@pytest.mark.parametrize("path", ["AGENTS.md", ".agents/skills/backend-skill/SKILL.md"])
def test_what_an_older_version_wrote_is_brought_up_to_date(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastwright.verbs.skill import clients

    with monkeypatch.context() as older:
        older.setattr(clients, "_RULE", "## An older rule for {skill}\n")
        older.setattr(clients, "shipped", _older)
        install(tmp_path, "agents")
    (tmp_path / "AGENTS.md").write_text(
        f"# Ours\n\n{(tmp_path / 'AGENTS.md').read_text()}\n# Below\n", encoding="utf-8"
    )
    assert install(tmp_path, "agents")[path] == "updated"
    assert "older" not in (tmp_path / path).read_text(encoding="utf-8")
    text = (tmp_path / "AGENTS.md").read_text(encoding="utf-8")
    assert text.startswith("# Ours\n\n<!-- fastwright begin")
    assert text.endswith("\n# Below\n")


def _older(_path: str) -> str:
    return "---\nname: backend-skill\n---\nolder\n"


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (root / ".claude").symlink_to(outside)
    done = install(root, "claude")
    assert done[".claude/settings.json"] == done[".claude/skills/backend-skill/SKILL.md"] == "kept"
    assert list(outside.iterdir()) == []


def test_a_dry_run_writes_nothing_and_tells_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["skill", "install", "--for", "claude", "--project", str(tmp_path), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not told["landed"]
    assert {file["did"] for file in told["files"]} == {"written"}
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_is_not_there_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["skill", "install", "--for", "claude", "--project", str(tmp_path / "nowhere")]) == 2
    assert "is not a directory" in capsys.readouterr().err
