"""Find where an object such as the app is set up, and where one more statement about it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Block, CallSite, Site, Statement


@dataclass(frozen=True)
class Home:
    """Where an object is set up: `name` is what it is called there, `calls` are on it, or, as `made`, made it."""

    name: str
    made: CallSite | None
    calls: tuple[CallSite, ...]

    @property
    def first(self) -> CallSite:
        return self.made or self.calls[0]

    def of(self, method: str) -> list[CallSite]:
        """Return the calls of one method."""
        return [site for site in self.calls if site.callee == f"{self.name}.{method}"]


def home(document: Document, target: str, line: int, is_done: Callable[[Home], bool]) -> Home | None:
    """Find the place by the name of the object, or of the function that makes it, or nothing if all is done there.

    Raises `Unfit` if it is not clear which place is meant.
    """
    name, inside = _named(document, target)
    groups: dict[tuple[int, ...], list[CallSite]] = {}
    for site in document.index.calls:
        owner, _dot, _method = site.callee.rpartition(".")
        if name in {site.target, owner} and (inside is None or inside in site.scopes):
            groups.setdefault(tuple(id(scope) for scope in site.scopes), []).append(site)
    homes = [_home(name, sites) for sites in groups.values()]
    homes = [home for home in homes if home.made] or homes
    if not homes:
        raise document.unfit(line, f"{target} is not set up in this file", "name the object that is")
    if len(homes) == 1:
        return None if is_done(homes[0]) else homes[0]
    lines = ", ".join(str(home.first.line) for home in homes)
    several = document.unfit(line, f"{target} is set up in several places, in lines {lines}", "give the line of one")
    at = [home for home in homes if any(line in {site.line, site.statement_line} for site in home.calls)]
    below = [home for home in homes if home.first.line >= line]
    if not line or not (at or below):
        raise several
    if is_done((at or below)[0]):
        return None
    # Lines move when a file is edited: what is done further down may be what this line meant before that.
    if not at or any(is_done(home) for home in below if home is not at[0]):
        raise several
    return at[0]


def _home(name: str, sites: list[CallSite]) -> Home:
    return Home(name, next((site for site in sites if site.target == name), None), tuple(sites))


def _named(document: Document, target: str) -> tuple[str, cst.FunctionDef | None]:
    """Return the name of the object, and the function around it if `target` is that function."""
    if any(site.target == target for site in document.index.calls):
        return target, None
    function = next((site for site in document.index.functions if site.name == target), None)
    if function is None:
        return target, None
    for site in document.index.calls:
        if function.node in site.scopes and site.callee.rpartition(".")[2] == "FastAPI":
            if site.target:
                return site.target, function.node
            raise document.unfit(site.line, "the app has no name here", "assign it to a variable first")
    raise document.unfit(function.line, f"{target} makes no FastAPI app")


def place(document: Document, home: Home, method: str) -> tuple[Statement, Site]:
    """Return the statement behind which a call of a method belongs: the last such, or else what made the object."""
    last = max(home.of(method), key=lambda site: site.statement_line, default=home.first)
    block = _block(home)
    statement = next((statement for known, statement in last.path if known is block), None)
    scope = last.scopes[-1] if last.scopes else None
    if statement is None or (scope and isinstance(scope.body, cst.SimpleStatementSuite)):
        raise document.unfit(last.line, f"there is no place for one more statement about {home.name}")
    return statement, Site(last.line, last.column, last.scopes, last.top + (not last.in_function))


def _block(home: Home) -> Block:
    """Return the block in which the object is made, or that of the function that is given it."""
    if home.made:
        return home.made.path[-1][0]
    first = home.calls[0]
    scope = first.scopes[-1] if first.scopes else None
    return scope.body if scope else first.path[0][0]


def arguments(call: cst.Call) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the arguments of a call, by name where they have one."""
    for arg in call.args:
        yield arg.star or (arg.keyword.value if arg.keyword else ""), arg.value


def statement(owner: str, method: str, args: list[cst.Arg]) -> cst.SimpleStatementLine:
    """Return `owner.method(...)` as a statement."""
    return cst.SimpleStatementLine([cst.Expr(cst.Call(cst.parse_expression(f"{owner}.{method}"), args))])


def argument(name: str, value: cst.BaseExpression) -> cst.Arg:
    """Return an argument, by its name if it has one."""
    if not name:
        return cst.Arg(value)
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(value, keyword=cst.Name(name), equal=tight)
