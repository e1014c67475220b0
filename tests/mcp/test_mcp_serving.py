"""The server as a process, and as a host of long work: responsive, and gone with all that it started."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from fastwright.cli import run
from fastwright.mcp.working import run_beside
from fastwright.project.child import Probe
from tests.mcp.clients import MODES, Mode, connect, data
from tests.proof.processes import is_gone

T = TypeVar("T")
pytestmark = pytest.mark.anyio
# It does not come to an end when it is imported.
SLEEPER = "import time\nfrom fastapi import FastAPI\napp = FastAPI()\ntime.sleep(600)\n"
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look at processes")


def serving(*arguments: str) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=["-m", "fastwright", "mcp", *arguments])


@pytest.mark.parametrize("mode", MODES)
async def test_a_client_starts_the_server_and_reads_the_map(mode: Mode, vetbook: Path, python: Path) -> None:
    server = stdio_client(serving("--root", str(vetbook), "--python", str(python)))
    async with Client(server, mode=mode) as client:
        answer = await client.call_tool("map", {})
    assert not answer.is_error
    assert len(data(answer)["endpoints"]) > 5


@pytest.fixture
def sleeper(tmp_path: Path) -> Path:
    root = tmp_path / "sleeper"
    root.mkdir()
    (root / "main.py").write_text(SLEEPER, encoding="utf-8")
    return root


# A call may be called off after a folder was opened and before it is read: its iterator is then left to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@LINUX
@pytest.mark.parametrize("mode", MODES)
async def test_a_call_that_is_called_off_ends_with_all_that_it_started(mode: Mode, sleeper: Path, python: Path) -> None:
    nothing: dict[str, Any] = {}
    async with connect(sleeper, python=python, mode=mode) as client, anyio.create_task_group() as tasks:
        with anyio.CancelScope() as call:
            tasks.start_soon(_call_off, call)
            await client.call_tool("map", nothing)
        assert call.cancelled_caught
        await _until(lambda: not _probes(os.getpid()))
        await _until(lambda: not any(thread.name == "verb" for thread in threading.enumerate()))
        assert (await client.list_tools()).tools


async def test_what_a_call_that_is_called_off_held_goes_with_it(python: Path) -> None:
    """The call may end between the start of a child and the `with` that ends that."""
    pids: list[int] = []

    def work() -> None:
        probe = Probe(python, {})
        pids.append(probe.pid)
        while True:
            time.sleep(0.01)

    gc.disable()  # what waits for the collector waits for an unknown time
    try:
        with anyio.CancelScope() as call:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(run_beside, work)
                await _until(lambda: bool(pids))
                call.cancel()
        assert is_gone(pids[0])
    finally:
        gc.enable()


@LINUX
async def test_a_server_that_works_answers_other_calls_at_once(sleeper: Path, python: Path) -> None:
    async with connect(sleeper, python=python) as client, anyio.create_task_group() as tasks:
        nothing: dict[str, Any] = {}
        tasks.start_soon(client.call_tool, "map", nothing)
        await _until(lambda: bool(_probes(os.getpid())))
        started = time.monotonic()
        assert (await client.call_tool("plan", {"verb": "map", "arguments": nothing})).is_error
        assert time.monotonic() - started < 1
        tasks.cancel_scope.cancel()


@LINUX
def test_nothing_is_left_when_the_client_goes_away(sleeper: Path, python: Path) -> None:
    command = [sys.executable, "-m", "fastwright", "mcp", "--root", str(sleeper), "--python", str(python)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert server.stdin is not None
    for message in _conversation("map"):
        server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    server.stdin.flush()
    probes = _when(lambda: _probes(server.pid))
    server.stdin.close()
    assert server.wait(timeout=60) == 0
    for pid in probes:
        assert is_gone(pid, within=20)


def test_the_command_line_starts_without_the_sdk() -> None:
    code = "import sys, fastwright.cli as c; c.run(['--help']); assert not {'mcp', 'anyio'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_the_extra_it_is_told_how_to_install_it() -> None:
    code = "import sys; sys.modules['mcp'] = None; import fastwright.cli as c; sys.exit(c.run(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "fastwright[mcp]" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_root_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mcp", "--root", str(tmp_path / "nowhere")]) == 2
    assert "is not a directory" in capsys.readouterr().err


def _conversation(tool: str) -> list[dict[str, Any]]:
    """Return what a client of the older protocol writes before and to call a tool."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    return [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": tool, "arguments": {}}},
    ]


def _probes(parent: int) -> list[int]:
    """Return the processes in which a project is being imported."""
    lists = [task / "children" for task in Path(f"/proc/{parent}/task").iterdir()]
    children = [int(pid) for one in lists for pid in _read(one).split()]
    return [pid for pid in children if b"probe" in _read(Path(f"/proc/{pid}/cmdline"))]


def _read(file: Path) -> bytes:
    """Return what the kernel tells of a thread or process, and nothing of one that has ended meanwhile."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


async def _call_off(call: anyio.CancelScope) -> None:
    await _until(lambda: bool(_probes(os.getpid())))
    call.cancel()


async def _until(reached: Callable[[], bool]) -> None:
    """Wait in a thread, so that the server goes on."""
    await anyio.to_thread.run_sync(lambda: _when(reached))


def _when(reached: Callable[[], T], *, within: float = 60.0) -> T:
    """Return what is reached, as soon as it is true."""
    end = time.monotonic() + within
    while not (found := reached()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found
