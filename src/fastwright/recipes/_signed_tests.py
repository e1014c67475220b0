"""Tests that called what is closed now as strangers: they are given the credentials that the tests of the app have."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastwright.changes.add_parameter import AddParameter
from fastwright.changes.operation import Operation
from fastwright.changes.send_credentials import SendCredentials
from fastwright.project.locate import keyword
from fastwright.project.source import Function, SourceFile, last_name
from fastwright.proof.calls import filled
from fastwright.proof.promise import Closed
from fastwright.recipes._recipe import Known

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_SIGNED_IN = re.compile(r"auth|logged|login|signed|admin|superuser|user|member|token")
_HOLE = "\0"


@dataclass(frozen=True)
class Signed:
    """The edits of tests, with a sentence for each test; those for which no credentials were found are `left`."""

    operations: tuple[Operation, ...]
    told: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Means:
    """What a request is sent with: an expression for headers, or a client; `parameter` is the fixture, if it is one."""

    headers: str = ""
    client: str = ""
    parameter: str = ""

    @property
    def shown(self) -> str:
        return f"headers={self.headers}" if self.headers else self.client


def signed_tests(known: Known, closes: Sequence[Closed], broken: Sequence[str], role: str | None) -> Signed:
    """Return the edits that give the broken tests credentials where they call what is closed."""
    operations: list[Operation] = []
    told: list[str] = []
    left: list[str] = []
    for test in dict.fromkeys(name.partition("[")[0] for name in broken):
        path, _colons, rest = test.partition("::")
        file = known.source.files.get(path)
        node = _function(file, rest.replace("::", ".")) if file else None
        calls = list(_anonymous(file, node, closes)) if file and node else []
        edits = _edits(known, file, node, calls, role) if file and node and calls else None
        if edits is None:
            left.append(test)
            continue
        means, found = edits
        operations += found
        told.append(f"{test} calls it with {means.shown}.")
    return Signed(tuple(operations), tuple(told), tuple(left))


def _function(file: SourceFile, name: str) -> Function | None:
    return next((node for node in file.definitions.get(name, []) if isinstance(node, Function)), None)


def _edits(
    known: Known, file: SourceFile, test: Function, calls: Sequence[ast.Call], role: str | None
) -> tuple[_Means, list[Operation]] | None:
    means = next(_means(known, file, test, calls, role), None)
    if means is None:
        return None
    edits: list[Operation] = [
        SendCredentials(
            file=file.path, line=call.lineno, column=call.col_offset, headers=means.headers, client=means.client
        )
        for call in calls
    ]
    if means.parameter:
        edits.insert(0, AddParameter(file=file.path, line=test.lineno, function=test.name, parameter=means.parameter))
    return means, edits


def _anonymous(file: SourceFile, test: Function, closes: Sequence[Closed]) -> Iterator[ast.Call]:
    """Yield the requests of a test that may be for what is closed, and are sent without headers."""
    wanted = [(one.method.lower(), filled(one.path), _pattern(one.path)) for one in closes]
    for call in _requests(file, test):
        text = _text(file, call.args[0])
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if keyword(call, "headers") is None and any(
            verb == method and (pattern.fullmatch(text) or _holes(text).fullmatch(path))
            for verb, path, pattern in wanted
        ):
            yield call


def _requests(file: SourceFile, test: Function) -> Iterator[ast.Call]:
    for node in ast.walk(test):
        is_sent = isinstance(node, ast.Call) and bool(_client_of(node)) and bool(node.args)
        if is_sent and isinstance(node, ast.Call) and _text(file, node.args[0])[:1] in ("/", _HOLE):
            yield node


def _client_of(call: ast.Call) -> str:
    """Return the variable that a request is sent by, if it is one."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _METHODS and isinstance(function.value, ast.Name):
        return function.value.id
    return ""


def _text(file: SourceFile, node: ast.expr) -> str:
    """Return a path without its query, with a hole for each part that is only known when the test runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"^https?://[^/]+", "", node.value).partition("?")[0]
    if isinstance(node, ast.JoinedStr):
        parts = [_text(file, one.value if isinstance(one, ast.FormattedValue) else one) for one in node.values]
        return "".join(parts).partition("?")[0]
    if isinstance(node, ast.Name):
        found = (one.value for one in file.tree.body if isinstance(one, ast.Assign) and _sets(one, node.id))
        value = next(found, None)
        return _text(file, value) if value is not None else _HOLE
    return _HOLE


def _sets(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _pattern(path: str) -> re.Pattern[str]:
    """Return what the path of an endpoint matches."""
    return re.compile("/".join(_step(step) for step in path.split("/")))


def _step(step: str) -> str:
    if not step.startswith("{"):
        return re.escape(step)
    return ".+" if ":path" in step else "[^/]+"


def _holes(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split(_HOLE)))


def _means(
    known: Known, file: SourceFile, test: Function, calls: Sequence[ast.Call], role: str | None
) -> Iterator[_Means]:
    """Yield what the requests could be sent with, the nearest first: in the test, in its file, in fixtures."""
    first = min(call.lineno for call in calls)
    given = {argument.arg for argument in _arguments(test)}
    local = dict(_variables(test))
    for name in _sent(test):
        if name in given or local.get(name, first) < first:
            yield _Means(headers=name)
    everywhere = Counter(parameter for one in _reachable(known, file) for parameter in _fixtures(one))
    for parameter, _count in sorted(everywhere.items(), key=lambda pair: (not _is_for(pair[0], role), -pair[1])):
        yield _Means(headers=parameter.partition(":")[0], parameter=parameter)
    for name in file.assignments:
        if name in {sent for one in _tests(file) for sent in _sent(one)}:
            yield _Means(headers=name)
    yield from (_Means(headers=text) for one in _tests(file) for text in _made(file, one))
    clients = Counter(one for other in _reachable(known, file) for one in _clients(other))
    for parameter, _count in sorted(clients.items(), key=lambda pair: (not _is_for(pair[0], role), -pair[1])):
        name = parameter.partition(":")[0]
        yield _Means(client=name, parameter="" if name in given else parameter)


def _variables(test: Function) -> Iterator[tuple[str, int]]:
    """Yield what a test sets, with the line on which it does so first."""
    for node in reversed(list(ast.walk(test))):
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.lineno) for target in node.targets if isinstance(target, ast.Name))


def _is_for(parameter: str, role: str | None) -> bool:
    """Tell whether a fixture is named after a role; where none is wanted, after none that is above others."""
    name = parameter.partition(":")[0]
    return role in name if role else not re.search(r"super|admin", name)


def _reachable(known: Known, file: SourceFile) -> Iterator[SourceFile]:
    """Yield the files of tests beside one and below: what they take as fixtures, it can take, too."""
    home = PurePosixPath(file.path).parent
    yield from (one for one in known.source.tests if PurePosixPath(one.path).parent == home)


def _tests(file: SourceFile) -> list[Function]:
    return [node for node in file.nodes if isinstance(node, Function)]


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _sent(test: ast.AST) -> Iterator[str]:
    """Yield the names that are sent as headers."""
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(headers := keyword(node, "headers"), ast.Name):
            yield headers.id


def _fixtures(file: SourceFile) -> Iterator[str]:
    """Yield the parameters of tests that are sent as headers, if fixtures of conftest or of this file give them."""
    for test in _tests(file):
        if test.name.startswith("test_"):
            sent = {*_sent(test)}
            yield from (ast.unparse(one) for one in _arguments(test) if one.arg in sent)


def _made(file: SourceFile, test: Function) -> Iterator[str]:
    """Yield calls of functions of the file whose results are sent as headers: `login_as("ada")`."""
    sent = {*_sent(test)}
    for node in ast.walk(test):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            is_plain = all(isinstance(one, ast.Constant) for one in node.value.args) and not node.value.keywords
            names = {last_name(target) for target in node.targets}
            if is_plain and names & sent and node.value.func.id in file.definitions:
                yield ast.unparse(node.value)


def _clients(file: SourceFile) -> Iterator[str]:
    """Yield the parameters of tests that send requests, and whose names say that they are signed in."""
    for test in _tests(file):
        if test.name.startswith("test_"):
            sending = {_client_of(call) for call in _requests(file, test)}
            signed_in = (one for one in _arguments(test) if one.arg in sending and _SIGNED_IN.search(one.arg))
            yield from map(ast.unparse, signed_in)
