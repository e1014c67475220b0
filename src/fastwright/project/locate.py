"""Find the app object of a project, without running it.

In this order: what was named, `[tool.fastapi] entrypoint`, the only app that there is, what a start command names
(`uvicorn app.main:app` in a Dockerfile), and the places where `fastapi dev` looks. Two that are as good are an error.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fastwright.project.errors import AppNotFound
from fastwright.project.source import Function, Source, SourceFile, called, last_name

_DEFAULT_PLACES = re.compile(
    r"^((app|src|src/app|backend|backend/app|api|server)/)?(main|app|api|asgi|server|application)\.py$"
)
_START_FILES = (
    "Dockerfile*",
    "Procfile",
    "Makefile",
    "justfile",
    "*.sh",
    "*.y*ml",
    "*.toml",
    "scripts/*.sh",
    "*/Dockerfile*",
)
_START = re.compile(
    r"(?:uvicorn|gunicorn|hypercorn|granian|fastapi)\b[^\n]*?[\s\"'\[,]([A-Za-z_][\w.]*):([A-Za-z_]\w*)"
)


@dataclass(frozen=True)
class Entry:
    """An app object or its factory. `base` is the directory, from the root, that its module is imported from."""

    module: str
    attribute: str
    base: str
    file: str | None = None
    line: int | None = None
    factory: bool = False

    @property
    def shown(self) -> str:
        return f"{self.module}:{self.attribute}"


def find_entry(source: Source, named: str | None = None) -> tuple[Entry, list[Entry]]:
    """Return the app that is meant, and the others that were found. Raises `AppNotFound`."""
    found = list(_entries(source))
    if named:
        return _named(source, named, found), []
    if entry := _configured(source.root):
        return _named(source, entry, found), []
    apps = [entry for entry in found if not entry.factory]
    mounted = _mounted(source)
    candidates = [entry for entry in apps if entry.attribute not in mounted] or apps or found or list(_usual(source))
    chosen = _narrowed(source, candidates)
    if len(chosen) == 1:
        return _completed(source, chosen[0]), [entry for entry in candidates if entry != chosen[0]]
    if not candidates:
        raise AppNotFound(
            f"no FastAPI app was found in {source.root}",
            hint="name it with --app module:attribute, for example --app app.main:app",
        )
    listed = ", ".join(sorted(f"{entry.shown} ({entry.file}:{entry.line})" for entry in chosen))
    raise AppNotFound(
        f"there are {len(chosen)} apps that could be meant: {listed}", hint=f"choose one: --app {chosen[0].shown}"
    )


def _completed(source: Source, entry: Entry) -> Entry:
    """Return the app as the module has it that imports it and gives it its routers: it has none before."""
    own = source.files.get(entry.file or "")
    if own is None or entry.factory or b"include_router" in own.content:
        return entry
    found = [file for file in _naming(source, "include_router") if _includes_into(file, entry.attribute)]
    if len(found) != 1:
        return entry
    base, module = importable(source, found[0])
    return Entry(module, entry.attribute, base, entry.file, entry.line)


def _includes_into(file: SourceFile, name: str) -> bool:
    """Tell a module that includes routers, at its top, into an app that it has imported under this name."""
    included = any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "include_router"
        and last_name(node.value.func.value) == name
        for node in _top_level(file.tree.body)
    )
    return included and any(taken == name for _module, taken in file.imports) and name not in file.assignments


def _usual(source: Source) -> Iterator[Entry]:
    """Yield what is called `app` where apps usually are, whatever makes it; the import will tell."""
    for file in source.own:
        line = file.assignments.get("app")
        if line is not None and _DEFAULT_PLACES.match(file.path):
            base, module = importable(source, file)
            yield Entry(module, "app", base, file.path, line)


def _narrowed(source: Source, candidates: list[Entry]) -> list[Entry]:
    if len(candidates) < 2:
        return candidates
    started = set(_started(source.root))
    for chosen in (
        [entry for entry in candidates if (entry.module, entry.attribute) in started],
        [entry for entry in candidates if _DEFAULT_PLACES.match(entry.file or "")],
    ):
        if chosen:
            return chosen
    return candidates


def _named(source: Source, named: str, found: list[Entry]) -> Entry:
    module, colon, attribute = named.partition(":")
    attribute = attribute.removesuffix("()")
    if not colon or not module or not attribute:
        raise AppNotFound(f"{named!r} does not name an app", hint="write it as module:attribute, such as app.main:app")
    module = module.removesuffix(".py").replace("/", ".")
    for entry in found:
        if (entry.module, entry.attribute) == (module, attribute):
            return entry
    parts = module.split(".")
    for file in source.files:
        steps = list(PurePosixPath(file).with_suffix("").parts)
        steps = steps[:-1] if steps[-1] == "__init__" else steps
        if steps[-len(parts) :] == parts:
            base = "/".join(steps[: -len(parts)]) or "."
            return Entry(module, attribute, base, file, source.line(file, attribute.split(".")[0], None))
    return Entry(module, attribute, ".")


def _configured(root: Path) -> str | None:
    try:
        document: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    entry = document.get("tool", {}).get("fastapi", {}).get("entrypoint")
    return entry if isinstance(entry, str) else None


def _started(root: Path) -> Iterator[tuple[str, str]]:
    for pattern in _START_FILES:
        for file in sorted(root.glob(pattern)):
            if file.is_file() and file.stat().st_size < 200_000:
                text = file.read_text(encoding="utf-8", errors="replace")
                yield from ((match[1], match[2]) for match in _START.finditer(text))


def _entries(source: Source) -> Iterator[Entry]:
    for file in _naming(source, "FastAPI", *_FACTORIES):
        classes = {"FastAPI"} | {
            name
            for name, nodes in file.definitions.items()
            if any(
                isinstance(node, ast.ClassDef) and any(last_name(base) == "FastAPI" for base in node.bases)
                for node in nodes
            )
        }
        if any(module.split(".")[0] == "fastapi" or "FastAPI" in name for module, name in file.imports):
            yield from _in_file(source, file, classes)
        else:
            yield from _in_file(source, file, set())


def _in_file(source: Source, file: SourceFile, classes: set[str]) -> Iterator[Entry]:
    factories = {node.name for node in file.tree.body if isinstance(node, Function) and _makes(node, classes)}
    base, module = importable(source, file)
    for node in _top_level(file.tree.body):
        if (
            isinstance(node, ast.Assign | ast.AnnAssign)
            and called(node.value or node) in classes | factories | _FACTORIES
        ):
            if called(node.value or node) in _FACTORIES - factories and not _returns_app(
                source, called(node.value or node)
            ):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield Entry(module, target.id, base, file.path, node.lineno)
        elif isinstance(node, Function) and node.name in factories:
            yield Entry(module, node.name, base, file.path, node.lineno, factory=True)


def _naming(source: Source, *words: str) -> Iterator[SourceFile]:
    """Yield the files in whose text one of the words is: the others need not be parsed to find an app."""
    wanted = [word.encode() for word in words]
    yield from (file for file in source.own if any(word in file.content for word in wanted))


_FACTORIES = frozenset(
    {"create_app", "get_app", "make_app", "build_app", "get_application", "create_application", "init_app"}
)


def _returns_app(source: Source, name: str) -> bool:
    return any(
        isinstance(node, Function) and _makes(node, {"FastAPI"})
        for file in _naming(source, "FastAPI")
        for node in file.definitions.get(name, ())
    )


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, also those under `if` and `try`, but not under `if __name__ …`."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "__name__" not in ast.unparse(node.test):
            yield from _top_level([*node.body, *node.orelse])
        elif isinstance(node, ast.Try | ast.With):
            yield from _top_level(node.body)


def _makes(function: Function, classes: set[str]) -> bool:
    """Tell a function that makes an app and gives it back."""
    made = any(called(node) in classes for node in ast.walk(function))
    return made and any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))


def _mounted(source: Source) -> set[str]:
    """Return the names of the apps that are mounted in others."""
    return {
        last_name(node.args[1] if len(node.args) > 1 else keyword(node, "app"))
        for file in _naming(source, "mount")
        for node in file.nodes
        if isinstance(node, ast.Call) and called(node) == "mount"
    } - {""}


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument."""
    return next((argument.value for argument in call.keywords if argument.arg == name), None)


def importable(source: Source, file: SourceFile) -> tuple[str, str]:
    """Return the directory that a file is imported from, and the name of its module there.

    That is where its packages begin. Without `__init__.py`, it is told by how the file imports its neighbours, or
    else by how they import it.
    """
    path = PurePosixPath(file.path)
    steps = list(path.parent.parts)
    depth = len(steps)
    while depth and _is_package(source, steps[:depth]):
        depth -= 1
    firsts = {module.split(".")[0] for module, _name in file.imports if not module.startswith(".")}
    for position, step in enumerate(steps[:depth]):
        if step in firsts and not _is_below(source, steps[:depth], step):
            depth = position
            break
    else:
        # A folder without one may be in a package all the same.
        above = (position for position in range(1, depth) if _is_package(source, steps[:position]))
        depth = next(above, _imported_from(source, path, depth) + 1) - 1
    if any(module.startswith(".") for module, _name in file.imports) and depth == len(steps) and depth:
        depth -= 1
    name = path.stem
    module = ".".join([*steps[depth:], *([name] if name != "__init__" else [])])
    return "/".join(steps[:depth]) or ".", module


def _imported_from(source: Source, path: PurePosixPath, depth: int) -> int:
    """Return how deep the directory is that others import a module from; `depth`, if none does."""
    steps = path.with_suffix("").parts
    names = {".".join(steps[position:]): position for position in reversed(range(depth))}
    taken = {full for file in source.own for module, name in file.imports for full in (module, f"{module}.{name}")}
    return next((position for name, position in names.items() if name in taken), depth)


def _is_package(source: Source, steps: list[str]) -> bool:
    """Tell a package: by its `__init__.py`, or by a module in it that imports a neighbour with a leading dot."""
    here = "/".join(steps)
    if f"{here}/__init__.py" in source.files:
        return True
    beside = (file for path, file in source.files.items() if path.rpartition("/")[0] == here)
    return any(module.startswith(".") for file in beside if b"from ." in file.content for module, _name in file.imports)


def _is_below(source: Source, steps: list[str], name: str) -> bool:
    """Tell whether `name` can be imported from the directory itself."""
    prefix = "/".join([*steps, name])
    return f"{prefix}.py" in source.files or any(file.startswith(f"{prefix}/") for file in source.files)
