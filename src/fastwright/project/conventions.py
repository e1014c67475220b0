"""How a project does things, read from its source and from what the endpoints depend on."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Literal

from fastwright.project.access import trees
from fastwright.project.model import Conventions, Place, Tests
from fastwright.project.places import Places, Raw
from fastwright.project.source import Function, Source, SourceFile, called, last_name

Layout = Literal["single-file", "layers", "domains", "mixed"]
Style = Literal["sync", "async", "mixed"]
Depends = Literal["annotated", "default", "mixed", "none"]

_LAYERS = frozenset(
    {
        "routers",
        "routes",
        "router",
        "endpoints",
        "models",
        "schemas",
        "crud",
        "services",
        "repositories",
        "controllers",
        "views",
    }
)
_DOMAIN_FILES = frozenset({"router", "routes", "models", "schemas", "service", "views", "crud", "api", "endpoints"})
_REGISTERING = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "websocket", "route"}
)
_SESSIONS = frozenset(
    {"Session", "AsyncSession", "scoped_session", "async_scoped_session", "AsyncConnection", "Connection"}
)
_DEPENDENCY_FILES = ("pyproject.toml", "requirements.txt", "requirements/base.txt", "Pipfile", "setup.cfg", "setup.py")


def written_conventions(source: Source) -> Conventions:
    """Return the conventions of a project as far as its source tells them."""
    return Conventions(
        layout=_layout(source),
        style=_style(list(_handler_styles(source))),
        depends=_depends(source),
        orm=_orm(source),
        settings=tuple(_classes(source, {"BaseSettings"})),
        routers=tuple(_calls(source, "APIRouter")),
        includes=tuple(_calls(source, "include_router")),
        tests=_tests(source),
        alembic=_alembic(source),
        dependency_file=next((name for name in _DEPENDENCY_FILES if (source.root / name).is_file()), None),
    )


def seen_conventions(
    written: Conventions, endpoints: Sequence[Raw], places: Places, middleware: Sequence[str]
) -> Conventions:
    """Return the conventions with what the probe saw of the endpoints and around them."""
    coroutines = [bool(raw["coroutine"]) for raw in endpoints if raw["kind"] == "operation"]
    seen = {
        "style": _style(coroutines) if coroutines else written.style,
        "session": tuple(_places(endpoints, places, _gives_session)),
        "current_user": tuple(_current_user(endpoints, places)),
        "middleware": tuple(middleware),
    }
    return written.model_copy(update=seen)


def _layout(source: Source) -> Layout:
    """Layers have a module or a folder for each kind of thing, domains a folder for each subject with all of them."""
    files = [PurePosixPath(file.path) for file in source.own if file.tree.body]
    routing = [PurePosixPath(file.path) for file in source.own if any(_handlers(file))]
    if len(files) <= 1 or (len(routing) == 1 and not _has_layers(files)):
        return "single-file"
    beside = defaultdict[PurePosixPath, list[PurePosixPath]](list)
    for path in files:
        beside[path.parent].append(path)
    counts = Counter(path.parent for path in routing)
    domains = {path.parent for path in routing if counts[path.parent] == 1 and _is_domain(path, beside[path.parent])}
    elsewhere = [path for path in routing if path.parent not in domains and path.stem not in ("main", "app")]
    if len(domains) > 1 and len(elsewhere) > len(domains):
        return "mixed"
    return "domains" if len(domains) > 1 or (domains and not elsewhere) else "layers"


def _has_layers(files: list[PurePosixPath]) -> bool:
    return any(part in _LAYERS for path in files for part in (*path.parts[:-1], path.stem))


def _is_domain(path: PurePosixPath, neighbours: list[PurePosixPath]) -> bool:
    """Tell whether the only file of endpoints in a folder stands beside the models or schemas of its one subject."""
    has_app = any(other.stem in ("main", "app", "server") for other in neighbours)
    return not has_app and any(other.stem in _DOMAIN_FILES for other in neighbours if other != path)


def _handlers(file: SourceFile) -> Iterator[Function]:
    """Yield the functions that a decorator such as `@router.get("/…")` makes endpoints."""
    for node in file.nodes:
        if isinstance(node, Function) and any(registrations(node)):
            yield node


def registrations(function: Function) -> Iterator[tuple[ast.expr, ast.Call]]:
    """Yield what the function is registered at as an endpoint, and the decorator that does it."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
            owner = decorator.func.value
            if decorator.func.attr in _REGISTERING and isinstance(owner, ast.Name | ast.Attribute):
                yield owner, decorator


def _handler_styles(source: Source) -> Iterator[bool]:
    for file in source.own:
        for handler in _handlers(file):
            yield isinstance(handler, ast.AsyncFunctionDef)


def _style(coroutines: Sequence[bool]) -> Style:
    share = sum(coroutines) / len(coroutines) if coroutines else 0
    return "async" if share > 0.8 else "sync" if share < 0.2 else "mixed"


def _depends(source: Source) -> Depends:
    """Count `Annotated[…, Depends(…)]` against `= Depends(…)`."""
    counts: Counter[str] = Counter()
    for file in source.own:
        for node in file.nodes:
            if isinstance(node, ast.arguments):
                defaults = [*node.defaults, *(default for default in node.kw_defaults if default)]
                counts["default"] += sum(called(default) in ("Depends", "Security") for default in defaults)
            elif isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated":
                counts["annotated"] += any(called(inner) in ("Depends", "Security") for inner in ast.walk(node.slice))
    if not counts.total():
        return "none"
    share = counts["annotated"] / counts.total()
    return "annotated" if share > 0.8 else "default" if share < 0.2 else "mixed"


def _orm(source: Source) -> Literal["sqlalchemy", "sqlmodel", "none"]:
    modules = {module.split(".")[0] for file in source.own for module, _name in file.imports}
    return "sqlmodel" if "sqlmodel" in modules else "sqlalchemy" if "sqlalchemy" in modules else "none"


def _gives_session(tree: Raw) -> bool:
    return any(word in _SESSIONS for given in tree["gives"] for word in re.findall(r"\w+", given))


def _places(endpoints: Sequence[Raw], places: Places, wanted: Callable[[Raw], bool]) -> Iterator[Place]:
    """Yield the dependencies that `wanted` says yes to, the most used first."""
    counts: Counter[Place] = Counter()
    for raw in endpoints:
        for tree in trees(raw):
            if wanted(tree):
                counts[places.of(tree["place"])] += 1
    yield from (place for place, _count in counts.most_common())


def _current_user(endpoints: Sequence[Raw], places: Places) -> Iterator[Place]:
    """Yield the dependencies right above a security scheme: what turns credentials into a user."""
    yield from _places(
        endpoints, places, lambda tree: not tree["scheme"] and any(below["scheme"] for below in tree["below"])
    )


def _classes(source: Source, bases: set[str]) -> Iterator[Place]:
    for file in source.own:
        for name, nodes in file.definitions.items():
            for node in nodes:
                if isinstance(node, ast.ClassDef) and any(last_name(base) in bases for base in node.bases):
                    yield Place(name=name, file=file.path, line=node.lineno)


def _calls(source: Source, name: str) -> Iterator[Place]:
    for file in source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and called(node) == name:
                shown = ast.unparse(node.args[0]) if name == "include_router" and node.args else name
                yield Place(name=shown, file=file.path, line=node.lineno)


def _tests(source: Source) -> Tests:
    files = [
        file
        for file in source.tests
        if PurePosixPath(file.path).name.startswith("test_") or file.path.endswith("_test.py")
    ]
    fixtures = [
        Place(name=name, file=file.path, line=node.lineno)
        for file in source.tests
        for name, nodes in file.definitions.items()
        for node in nodes
        if any("fixture" in (called(decorator), last_name(decorator)) for decorator in node.decorator_list)
    ]
    directories = sorted({PurePosixPath(file.path).parent.as_posix() for file in files})
    return Tests(directories=tuple(directories), files=len(files), fixtures=tuple(fixtures))


def _alembic(source: Source) -> str | None:
    for pattern in ("alembic.ini", "*/alembic.ini"):
        for file in sorted(source.root.glob(pattern)):
            return file.relative_to(source.root).as_posix()
    return None
