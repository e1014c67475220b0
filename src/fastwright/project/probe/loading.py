"""Import the app of the project, and say exactly what went wrong if that cannot be done."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import sys
import traceback
from typing import Any, NoReturn

from fastwright.project.probe.foreign import foreign

_NOT_SET = re.compile(
    r"Config '(\w+)' is missing"
    r"|^([A-Z][A-Z0-9_]+) not found\. Declare it"
    r"|[Ee]nvironment variable \"([A-Z][A-Z0-9_]+)\" not set"
)


class ProbeFailed(Exception):
    """The app cannot be looked at; `details` are written into the result for the other side."""

    def __init__(self, kind: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = {"kind": kind, "message": message, **details}


def load_app(entry: dict[str, Any], root: str) -> Any:
    """Import the module of `entry` and return its app, called into being if it is a factory."""
    require_fastapi()
    wanted = _noted_variables(root)
    sys.path[:0] = [path for path in entry["paths"] if path not in sys.path]
    try:
        value: Any = importlib.import_module(entry["module"])
        for part in entry["attribute"].split("."):
            value = _attribute(value, part, entry)
        return _called(value, entry)
    except ProbeFailed:
        raise
    except SystemExit as error:
        place = _last_place(error, root)
        raise ProbeFailed(
            "exit", f"the import of {entry['module']} ends the program: sys.exit({error.code!r})", **place
        ) from error
    except BaseException as error:  # noqa: BLE001 - it is told to the other side, whatever it is
        _explain(error, entry, root, wanted)


def require_fastapi() -> None:
    """Import FastAPI, which every app needs. Raises `ProbeFailed` if it cannot be imported."""
    try:
        importlib.import_module("fastapi")
    except ImportError as error:
        raise ProbeFailed("no-fastapi", f"{sys.executable} has no fastapi: {error}") from error
    except Exception as error:
        told = f"fastapi cannot be imported by {sys.executable}, so its packages do not fit together: {_told(error)}"
        raise ProbeFailed("no-fastapi", told) from error


def _attribute(value: Any, name: str, entry: dict[str, Any]) -> Any:
    if not hasattr(value, name):
        raise ProbeFailed("no-app", f"{entry['module']} has no {entry['attribute']}")
    return getattr(value, name)


def _called(value: Any, entry: dict[str, Any]) -> Any:
    if is_application(value):
        return value
    if not callable(value) or inspect.isclass(value):
        kind = type(value).__name__
        raise ProbeFailed("no-app", f"{entry['module']}:{entry['attribute']} is a {kind} and not a FastAPI app")
    needed = [
        parameter.name
        for parameter in inspect.signature(value).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if needed:
        factory = f"{entry['module']}:{entry['attribute']}"
        raise ProbeFailed("factory", f"the factory {factory} wants arguments: {', '.join(needed)}")
    made = value()
    if not is_application(made):
        raise ProbeFailed("no-app", f"{entry['attribute']}() returned a {type(made).__name__} and not a FastAPI app")
    return made


def is_application(value: Any) -> bool:
    """Tell a FastAPI or Starlette app from everything else."""
    return isinstance(value, foreign("starlette.applications").Starlette)


def _noted_variables(root: str) -> list[str]:
    """Return a list to which each variable is added that the project's own code asks for, and that is not set."""
    wanted: list[str] = []
    environment = type(os.environ)
    get = environment.get
    real = os.path.realpath(root) + os.sep

    def noting(self: Any, key: str, default: Any = None) -> Any:
        if key not in self and default is None and key not in wanted:
            here = inspect.currentframe()
            caller = here.f_back if here else None
            if caller is not None and caller.f_code is os.getenv.__code__:
                caller = caller.f_back
            if caller is not None and os.path.realpath(caller.f_code.co_filename).startswith(real):
                wanted.append(key)
        return get(self, key, default)

    setattr(environment, "get", noting)  # noqa: B010 - a method of the standard library's
    return wanted


def _explain(error: BaseException, entry: dict[str, Any], root: str, wanted: list[str]) -> NoReturn:
    place = _last_place(error, root)
    text = _told(error)
    if error.__cause__ is not None:
        text = f"{text}, because of {_told(error.__cause__)}"
    if isinstance(error, SyntaxError):
        place = {"file": error.filename, "line": error.lineno}
        raise ProbeFailed("syntax", f"{error.msg}", **place) from error
    missing = _missing_variables(error)
    if missing:
        raise ProbeFailed(
            "environment", f"needs variables that are not set: {', '.join(missing)}", names=missing, **place
        ) from error
    if isinstance(error, ModuleNotFoundError):
        raise ProbeFailed("module", f"there is no module {error.name!r}", name=error.name, **place) from error
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__)[-6:])
    told = {"trace": trace, "names": wanted, "python": sys.version_info[:2]}
    raise ProbeFailed("import", f"the import of {entry['module']} fails: {text}", **told, **place) from error


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().removesuffix(":")


def _last_place(error: BaseException, root: str) -> dict[str, Any]:
    """Return the innermost line of the project that led to the error."""
    found: dict[str, Any] = {"file": None, "line": None}
    for frame in traceback.extract_tb(error.__traceback__):
        is_file = not frame.filename.startswith("<")
        if is_file and os.path.realpath(frame.filename).startswith(os.path.realpath(root) + os.sep):
            found = {"file": frame.filename, "line": frame.lineno}
    return found


def _missing_variables(error: BaseException) -> list[str]:
    """Return the names of the variables whose absence raised the error, where that can be told."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, KeyError) and frames and frames[-1].filename in (os.__file__, "<frozen os>"):
        return [str(error.args[0])]
    # Starlette's Config, python-decouple and environs say it in words.
    if named := _NOT_SET.search(str(error)):
        return [next(name for name in named.groups() if name)]
    if type(error).__name__ == "ValidationError" and any("pydantic_settings" in frame.filename for frame in frames):
        problems: list[dict[str, Any]] = getattr(error, "errors")()  # noqa: B009 - pydantic is not ours to import
        names = [str(problem["loc"][0]) for problem in problems if problem["type"] == "missing" and problem["loc"]]
        return [name.upper() for name in dict.fromkeys(names)]
    return []
