"""The guards of an endpoint as its source names them. Nothing of this is proven: nobody was asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.model import Auth, Guard, Level
from fastwright.project.names import Names, Symbol
from fastwright.project.own_checks import checks_credentials
from fastwright.project.source import Function, called, last_name

_SCHEMES = frozenset(
    {"OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer", "OAuth2", "HTTPBearer", "HTTPBasic", "HTTPDigest"}
    | {"HTTPBase", "OpenIdConnect", "APIKeyHeader", "APIKeyQuery", "APIKeyCookie"}
)
_CREDENTIALS = ("authorization", "token", "api_key", "cookie")
_DEPTH = 8


@dataclass(frozen=True)
class Link:
    """A step on the way from a scheme to an endpoint; `symbol` is missing for what could not be followed."""

    shown: str
    symbol: Symbol | None
    scheme: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Depended:
    """One `Depends(…)`, and where it was written."""

    call: ast.expr
    file: str
    level: Level


def static_auth(names: Names, depended: list[Depended]) -> Auth:
    """Return what the dependencies claim."""
    guards: list[Guard] = []
    schemes: list[str] = []
    optional = True
    for one in depended:
        for chain in _chains(names, one.file, one.call, _DEPTH):
            schemes += [link.scheme for link in chain if link.scheme and link.scheme not in schemes]
            optional = optional and chain[0].optional and not any(_refuses(names, link) for link in chain)
            guards += [guard for guard in _guards(names, chain, one.level) if guard not in guards]
    required = bool(schemes or guards) and not optional
    return Auth(
        required=required, proven=False, claimed=required, schemes=tuple(schemes), guards=tuple(_unique(guards))
    )


def _refuses(names: Names, link: Link) -> bool:
    function = names.function(link.symbol) if link.symbol and not link.scheme else None
    return function is not None and any(isinstance(node, ast.Raise) for node in ast.walk(function))


def _unique(guards: list[Guard]) -> list[Guard]:
    return list({guard.shown: guard for guard in reversed(guards)}.values())[::-1]


def _guards(names: Names, chain: list[Link], level: Level) -> Iterator[Guard]:
    for position, link in enumerate(chain):
        if link.scheme or link.symbol is None:
            continue
        node = names.definition(link.symbol)
        yield Guard(
            name=link.symbol[1],
            file=link.symbol[0],
            line=node.lineno if node else None,
            shown=link.shown,
            refuses=_refuses(names, link),
            level=level,
            chain=tuple(below.shown for below in chain[: position + 1]),
        )


def dependencies(names: Names, function: Function, file: str, level: Level = "endpoint") -> Iterator[Depended]:
    """Yield the dependencies in the signature of a function: defaults, `Annotated`, and aliases of that."""
    arguments = function.args
    defaults = [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]
    for default in defaults:
        if called(default) in ("Depends", "Security"):
            yield Depended(default, file, level)
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        annotation, where = argument.annotation, file
        symbol = names.resolve(file, annotation)
        if symbol and (alias := names.value(symbol)) is not None:
            annotation, where = alias, symbol[0]
        if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
            for inner in ast.walk(annotation.slice):
                if isinstance(inner, ast.Call) and called(inner) in ("Depends", "Security"):
                    yield Depended(inner, where, level)


def listed(value: ast.expr | None, file: str, level: Level) -> Iterator[Depended]:
    """Yield the dependencies of `dependencies=[Depends(…), …]`."""
    if isinstance(value, ast.List | ast.Tuple):
        yield from (Depended(item, file, level) for item in value.elts if isinstance(item, ast.Call))


def _chains(names: Names, file: str, call: ast.expr, depth: int) -> Iterator[list[Link]]:
    """Yield the ways from a scheme, or a function that looks at the caller, up to what `call` depends on."""
    target = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if target is None or depth == 0:
        return
    shown = ast.unparse(target)
    symbol = names.resolve(file, target.func if isinstance(target, ast.Call) else target)
    if symbol is None:
        return
    link = Link(shown, symbol)
    value = names.value(symbol)
    if isinstance(value, ast.Call):
        scheme = _scheme(names, symbol[0], value)
        if scheme:
            yield [Link(shown, symbol, scheme, _is_optional(value))]
            return
        symbol = names.resolve(symbol[0], value.func) or symbol
        link = Link(shown, symbol)
    function = names.function(symbol)
    for inner in _inner(function):
        for below in dependencies(names, inner, symbol[0]):
            for chain in _chains(names, below.file, below.call, depth - 1):
                yield [*chain, link]
        if _reads_credentials(inner) or checks_credentials(names, symbol[0], inner):
            yield [link]


def _inner(function: Function | None) -> Iterator[Function]:
    """Yield a function, and those that it makes and gives back."""
    if function is not None:
        yield function
        yield from (node for node in function.body if isinstance(node, Function))


def _scheme(names: Names, file: str, value: ast.Call) -> str:
    """Return the name of the scheme that a call makes, also where it makes one of a class of the project."""
    name = called(value)
    if name in _SCHEMES:
        return next(
            (
                str(k.value.value)
                for k in value.keywords
                if k.arg == "scheme_name" and isinstance(k.value, ast.Constant)
            ),
            name,
        )
    symbol = names.resolve(file, value.func)
    node = names.definition(symbol) if symbol else None
    is_scheme = isinstance(node, ast.ClassDef) and any(last_name(base) in _SCHEMES for base in node.bases)
    return name if is_scheme else ""


def _is_optional(value: ast.Call) -> bool:
    return any(
        keyword.arg == "auto_error" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in value.keywords
    )


def _reads_credentials(function: Function) -> bool:
    """Tell whether a function wants a header or cookie with credentials, and raises."""
    wanted = any(
        called(default) in ("Header", "Cookie")
        for default in [*function.args.defaults, *(one for one in function.args.kw_defaults if one)]
    ) or any(
        called(node) in ("Header", "Cookie")
        for argument in function.args.args
        if argument.annotation
        for node in ast.walk(argument.annotation)
    )
    wanted = wanted or any(
        isinstance(node, ast.Attribute)
        and (node.attr in ("headers", "cookies") or ast.unparse(node) == "request.session")
        for node in ast.walk(function)
    )
    named = any(word in argument.arg.lower() for argument in function.args.args for word in _CREDENTIALS)
    return (wanted or named) and any(isinstance(node, ast.Raise) for node in ast.walk(function))
