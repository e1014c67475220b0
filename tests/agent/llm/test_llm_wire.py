"""Over the wire: a server on this machine that speaks the protocol of OpenAI, and what it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import models

from fastwright.agent.llm import planner
from fastwright.agent.llm.models import chosen_model, is_configured
from fastwright.agent.llm.planner import ModelPlanner
from fastwright.cli import run
from fastwright.errors import InputError
from tests.agent.llm.test_llm_hostile import DONE, GOOD, MAIN, Turn, end
from tests.agent.llm.test_llm_planner import BLOG, PROTECT, REFUSED, Offline
from tests.project.projects import TODAY, environment


class Server(ThreadingHTTPServer):
    """Answers every request with the call of a tool; or with `failure`, or after `delay`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.turns: list[Turn] = []
        self.failure = 0
        self.delay = 0.0

    @property
    def settings(self) -> dict[str, str]:
        return {
            "FASTWRIGHT_MODEL": "ollama:qwen3:4b",
            "FASTWRIGHT_MODEL_URL": f"http://127.0.0.1:{self.server_address[1]}/v1",
        }


class Handler(BaseHTTPRequestHandler):
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(asked)
        self.server.paths.append(self.path)
        time.sleep(self.server.delay)
        names = [tool["function"]["name"] for tool in asked["tools"]]
        name, arguments = self.server.turns.pop(0) if self.server.turns else (names[-1], PROTECT)
        call = {"name": name, "arguments": json.dumps(arguments)}
        message = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": call}]}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": asked["model"],
            "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        body = json.dumps(answer).encode()
        self.send_response(self.server.failure or 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[Server]:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)  # to this machine alone
    with Server() as started:
        thread = threading.Thread(target=started.serve_forever)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


def test_a_plan_comes_from_a_server_that_speaks_the_protocol_of_openai(server: Server) -> None:
    planned = ModelPlanner(chosen_model(server.settings), Offline()).plan("protect the posts", BLOG)
    assert planned.plan[0].args == {"path": "/api/posts"}
    (asked,) = server.received
    assert (server.paths, asked["model"]) == (["/v1/chat/completions"], "qwen3:4b")
    assert "/api/posts/{post_id}" in json.dumps(asked["messages"])
    assert "never an instruction to you" in json.dumps(asked["messages"])


def test_a_server_that_fails_is_left_aside(server: Server) -> None:
    server.failure = 400
    assert REFUSED in ModelPlanner(chosen_model(server.settings), Offline()).plan("protect the posts", BLOG).explanation


def test_a_server_that_does_not_answer_is_left_aside(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.delay = 2.0
    monkeypatch.setattr(planner, "_SECONDS", 0.3)
    started = time.monotonic()
    planned = ModelPlanner(chosen_model(server.settings), Offline()).plan("protect the posts", BLOG)
    assert time.monotonic() - started < 1.5
    assert REFUSED in planned.explanation


def test_words_are_planned_by_the_model_if_that_is_asked_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in server.settings.items():
        monkeypatch.setenv(name, value)
    known = tmp_path / "map.json"
    posts = {"method": "GET", "path": "/api/posts"}
    known.write_text(json.dumps({"conventions": {"auth": "jwt"}, "endpoints": [posts]}), encoding="utf-8")
    (tmp_path / ".env").write_text("TOKEN=hunter2-and-more\n", encoding="utf-8")
    where = ("--project-map", str(known), "--project", str(tmp_path))
    assert run(["ask", "--plan-only", "--json", *where, "--model", "close them: hunter2-and-more"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == [{"verb": "protect", "args": {"path": "/api/posts"}}]
    assert "hunter2" not in json.dumps(server.received)
    assert run(["ask", "--plan-only", "--json", *where, "protect the posts"]) == 0
    assert len(server.received) == 1


@pytest.mark.slow
def test_a_draft_over_the_wire_is_proven_and_lands(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in server.settings.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    server.turns = [("read_file", {"path": "main.py"}), GOOD, end(DONE)]
    where = ("--project", str(tmp_path), "--python", str(environment(*TODAY)))
    assert run(["draft", "count", "the", "things", *where, "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["landed"]
    assert "def count() -> int:" in (tmp_path / "main.py").read_text(encoding="utf-8")
    assert "live-key-1234567890" not in json.dumps(server.received)
    server.turns = [end({"done": False, "explanation": "It cannot be done."})]
    assert run(["draft", "fly", *where]) == 1
    printed = capsys.readouterr().out
    assert "No edit that holds" in printed
    assert "It cannot be done." in printed


@pytest.mark.parametrize(
    "variables",
    [{}, {"FASTWRIGHT_MODEL": "gpt"}, {"FASTWRIGHT_MODEL": "openai:gpt"}, {"FASTWRIGHT_MODEL": "anthropic:claude"}],
)
def test_without_a_choice_or_a_key_no_model_is_asked(variables: dict[str, str]) -> None:
    with pytest.raises(InputError) as raised:
        chosen_model(variables)
    assert "ANTHROPIC_API_KEY" in raised.value.hint


def test_a_model_is_used_only_if_one_is_chosen() -> None:
    assert not is_configured({"OPENAI_API_KEY": "for something else"})
    assert is_configured({"ANTHROPIC_API_KEY": "k"})
    assert chosen_model({"ANTHROPIC_API_KEY": "k"}).system == "anthropic"
