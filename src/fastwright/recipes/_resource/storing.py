"""Where an app keeps its queries, if not in its endpoints: in functions beside them that are given the session."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

import inflection

from fastwright.project.source import Function, SourceFile, called, last_name
from fastwright.recipes._app.layout import Layout, Place, named_like
from fastwright.recipes._recipe import Known

Action = Literal["list", "get", "create", "update", "delete"]
ACTIONS: tuple[Action, ...] = ("list", "get", "create", "update", "delete")
SESSIONS = frozenset({"Session", "AsyncSession"})
_WORDS: dict[Action, tuple[str, ...]] = {
    "list": ("list", "search", "all"),
    "get": ("get", "read", "fetch", "find", "retrieve", "load"),
    "create": ("create", "add", "insert", "new"),
    "update": ("update", "change", "edit", "modify"),
    "delete": ("delete", "remove", "destroy"),
}
_VERBS: dict[str, Action] = {word: action for action, words in _WORDS.items() for word in words}
_EXECUTING = frozenset({"scalars", "execute", "exec", "query", "scalar", "add"})
_DEFAULTS: dict[Action, str] = {
    "list": "get",
    "get": "get",
    "create": "create",
    "update": "update",
    "delete": "delete",
}
# Functions there are given a session, too, and are about something else.
_OTHERS = re.compile(r"^(__init__|.*(auth|security|dep|dependencies|database|db|session|main|seed|init_db)s?)$")


@dataclass(frozen=True)
class Functions:
    """Modules of functions, `siblings`, which endpoints reach by their names, in their module, or in their package.

    `root` is what endpoints call the package or module. With `is_keyword` arguments are named; `row` and `body` are the
    names of a row and of a body, with `{}` for what it is of; a verb stands for each action.
    """

    siblings: tuple[str, ...]
    access: Literal["names", "module", "package"]
    root: str
    session: str
    is_keyword: bool
    row: str
    body: str
    verbs: Mapping[Action, str]

    def place(self, layout: Layout, one: str, package: str) -> Place:
        """Return where the functions of a new resource go."""
        paths = [PurePosixPath(path) for path in self.siblings]
        if layout.domains:
            parent = Counter(path.parent.parent for path in paths).most_common(1)[0][0]
            return Place(str(parent / package / paths[0].name))
        if len(paths) == 1 and self.access != "package" and paths[0].stem in ("crud", "queries", "service", "services"):
            return Place(self.siblings[0])
        folder = Counter(path.parent for path in paths).most_common(1)[0][0]
        return Place(str(folder / f"{named_like([path.stem for path in paths], one)}.py"))

    def names(self, one: str) -> dict[Action, str]:
        """Return what the functions of a new resource are called."""
        return named(self.verbs, one)


def named(verbs: Mapping[Action, str], one: str) -> dict[Action, str]:
    """Return `get_reviews`, `create_review` and so on."""
    return {action: f"{verbs[action]}_{inflection.pluralize(one) if action == 'list' else one}" for action in ACTIONS}


def apart(verbs: Mapping[Action, str], one: str, taken: Collection[str]) -> dict[Action, str]:
    """Return names as `named` does, each with the next verb that means the same where something else has it."""
    found: dict[Action, str] = {}
    for action in ACTIONS:
        tried = (named({**verbs, action: verb}, one)[action] for verb in (verbs[action], *_WORDS[action]))
        found[action] = next(name for name in tried if name not in taken and name not in found.values())
    return found


def functions(known: Known, routed: frozenset[str]) -> Functions | None:
    """Return the functions in which the app keeps its queries; nothing if most of its endpoints query by themselves."""
    found = {file.path: list(_given_a_session(file)) for file in known.source.own if _may_hold(file, routed)}
    siblings = {path: each for path, each in found.items() if len(each) > 1}
    calls = [call for path in sorted(routed) for call in _calls(known, path, siblings)]
    callers = {path for path, _call in calls}
    using = {path for path in routed if any(last_name(node) in _words(known, path) for node in _queries(known, path))}
    if not siblings or len(callers) * 2 < len(callers | using):
        return None
    every = [function for each in siblings.values() for function in each]
    access, root = _access(calls, tuple(siblings))
    row, body = _patterns([inflection.underscore(model.name) for model in known.project.models], every)
    return Functions(
        siblings=tuple(siblings),
        access=access,
        root=root,
        session=_most(argument.arg for one in every for argument in _arguments(one) if _is_session(argument)),
        is_keyword=sum(bool(one.args.kwonlyargs) for one in every) * 2 > len(every),
        row=row,
        body=body,
        verbs=verbs(one.name for one in every),
    )


def verbs(names: Iterator[str] | list[str]) -> dict[Action, str]:
    """Return the verb that begins most of the names of each action."""
    counts: dict[Action, Counter[str]] = {action: Counter() for action in ACTIONS}
    for name in names:
        verb, _underscore, rest = name.partition("_")
        action = _VERBS.get(verb)
        if action is not None and rest:
            is_many = inflection.pluralize(rest) == rest and "_by_" not in rest
            counts["list" if action == "get" and is_many else action][verb] += 1
    return {
        action: count.most_common(1)[0][0] if (count := counts[action]) else _DEFAULTS[action] for action in ACTIONS
    }


def _may_hold(file: SourceFile, routed: frozenset[str]) -> bool:
    return file.path not in routed and not _OTHERS.match(PurePosixPath(file.path).stem)


def _given_a_session(file: SourceFile) -> Iterator[Function]:
    """Yield the functions of a module that are given a session by those who call them."""
    for node in file.tree.body:
        if isinstance(node, Function) and any(_is_session(one) for one in _arguments(node)):
            defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
            if not any(called(default) == "Depends" for default in defaults):
                yield node


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _is_session(argument: ast.arg) -> bool:
    return last_name(argument.annotation) in SESSIONS


def _calls(known: Known, path: str, siblings: Mapping[str, list[Function]]) -> Iterator[tuple[str, ast.expr]]:
    """Yield how functions of the siblings are called in a file with endpoints."""
    names = {function.name for each in siblings.values() for function in each}
    for node in known.source.files[path].nodes:
        if isinstance(node, ast.Call) and last_name(node.func) in names:
            symbol = known.names.resolve(path, node.func)
            if symbol is not None and symbol[0] in siblings:
                yield path, node.func


def _queries(known: Known, path: str) -> Iterator[ast.expr]:
    """Yield what a file with endpoints executes by itself."""
    for node in known.source.files[path].nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _EXECUTING:
            yield node.func.value


def _words(known: Known, path: str) -> set[str]:
    """Return the names of the parameters of a file that are sessions, as far as their names tell."""
    arguments = (
        argument
        for node in known.source.files[path].nodes
        if isinstance(node, Function)
        for argument in _arguments(node)
    )
    return {argument.arg for argument in arguments if argument.arg in ("session", "db", "s", "db_session", "conn")}


def _access(
    calls: list[tuple[str, ast.expr]], siblings: tuple[str, ...]
) -> tuple[Literal["names", "module", "package"], str]:
    roots = Counter(
        (node.value.id, path)
        for path, node in calls
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
    if sum(roots.values()) * 2 <= len(calls):
        return "names", ""
    root = Counter(name for name, _path in roots.elements()).most_common(1)[0][0]
    stems = {PurePosixPath(path).stem for path in siblings}
    folders = {PurePosixPath(path).parent.name for path in siblings}
    if root in folders and root not in stems:
        return "package", root
    return "module", root


def _patterns(models: list[str], every: list[Function]) -> tuple[str, str]:
    """Return how parameters for a row and for a body are called, with `{}` for the name of the model."""
    rows: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    for function in every:
        for argument in _arguments(function):
            kind = inflection.underscore(last_name(argument.annotation))
            if kind in models:
                rows["db_{}" if argument.arg == f"db_{kind}" else "{}"] += 1
            elif model := next((model for model in models if kind.startswith(f"{model}_")), ""):
                bodies[argument.arg.replace(model, "{}")] += 1
    body = _first(bodies, "data")
    row = _first(rows, "{}")
    return "db_{}" if row == body else row, body


def _first(counts: Counter[str], default: str) -> str:
    return counts.most_common(1)[0][0] if counts else default


def _most(names: Iterator[str]) -> str:
    return Counter(names).most_common(1)[0][0]
