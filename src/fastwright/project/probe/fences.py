"""What the app may not do while it is looked at: write outside of the scratch directory, or reach anybody.

The audit events of Python see files, sockets and processes. Database drivers that are written in C raise none, so their
`connect` is replaced. What was refused is written down: it tells what the app needs.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from fastwright.project.probe.hooks import after_import

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGED_PATHS = {
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
    "shutil.rmtree": (0,),
    "shutil.move": (0, 1),
    "shutil.copyfile": (1,),
}
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.kill", "os.killpg")
_DRIVERS_IN_C = ("psycopg2", "psycopg", "MySQLdb", "pyodbc", "oracledb", "ibm_db_dbi")


class Refused(ConnectionRefusedError):
    """The app wanted something that it is not given here."""


class Fences:
    """Closed as soon as they are put up; `answering` also forbids to start processes, which an import may do."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = tuple(os.path.realpath(path) for path in allowed)
        self.answering = False
        self.refusals: list[dict[str, str]] = []
        self._rules: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._open,
            "sqlite3.connect": self._sqlite,
            "socket.connect": self._connect,
            "socket.sendto": self._connect,
            "socket.getaddrinfo": self._look_up,
            **{event: self._changing(event) for event in _CHANGED_PATHS},
            **dict.fromkeys(_PROCESSES, self._process),
        }

    def put_up(self) -> None:
        rule_of = self._rules.get

        # Called some ten thousand times in an import, and a method of ours takes four times as long as a function.
        def hear(event: str, arguments: tuple[Any, ...]) -> None:
            rule = rule_of(event)
            if rule is not None:
                rule(arguments)

        sys.addaudithook(hear)
        for driver in _DRIVERS_IN_C:
            after_import(driver, self._close_driver)

    def note(self, kind: str, target: str) -> None:
        refusal = {"kind": kind, "target": target}
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def _open(self, arguments: tuple[Any, ...]) -> None:
        path, _mode, flags = arguments
        if isinstance(flags, int) and flags & _WRITING:
            self._check_path(path)

    def _changing(self, event: str) -> Callable[[tuple[Any, ...]], None]:
        def check(arguments: tuple[Any, ...]) -> None:
            for position in _CHANGED_PATHS[event]:
                path = arguments[position]
                if not (event == "os.mkdir" and os.path.isdir(path)):  # noqa: PTH112 - any path-like, fast
                    self._check_path(path)

        return check

    def _check_path(self, path: Any) -> None:
        if isinstance(path, int):
            return
        real = os.path.realpath(os.fsdecode(path))
        if not _below(real, (*self._allowed, "/dev", "/proc")):
            self.note("write", real)
            raise PermissionError(errno.EACCES, "Fastwright lets the app write only to its scratch directory", real)

    def _sqlite(self, arguments: tuple[Any, ...]) -> None:
        name = os.fsdecode(arguments[0])
        path = name[len("file:") :].split("?")[0] if name.startswith("file:") else name
        if path and ":memory:" not in name and "mode=memory" not in name:
            self._check_path(path)

    def _connect(self, arguments: tuple[Any, ...]) -> None:
        address: Any = arguments[1]
        if isinstance(address, tuple):
            target = ":".join(map(str, arguments[1][:2]))
        else:
            target = os.fsdecode(address)
            if _below(os.path.realpath(target), self._allowed):
                return
        self.refuse("connect", target)

    def _look_up(self, arguments: tuple[Any, ...]) -> None:
        host, port = arguments[0], arguments[1]
        if host in (None, "", b""):
            return
        name = os.fsdecode(host)
        if not _is_number(name):
            self.note("connect", f"{name}:{port}")
            raise socket.gaierror(socket.EAI_NONAME, f"Fastwright lets the app reach nobody, so not {name}")

    def _process(self, arguments: tuple[Any, ...]) -> None:
        if self.answering:
            self.refuse("process", str(arguments[0]))

    def _close_driver(self, module: Any) -> None:
        def connect(*_arguments: Any, **_options: Any) -> NoReturn:
            self.refuse("connect", f"a database, with {module.__name__}")

        owners: list[Any] = [module, getattr(module, "Connection", None), getattr(module, "AsyncConnection", None)]
        for owner in owners:
            if hasattr(owner, "connect"):
                owner.connect = connect

    def refuse(self, kind: str, target: str) -> NoReturn:
        """Write the refusal down and raise it."""
        self.note(kind, target)
        raise Refused(errno.ECONNREFUSED, f"Fastwright does not let the app {kind}: {target}")


def _below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(root + os.sep) for root in roots)


def _is_number(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return True
    return False
