"""Choose the guard that an app itself uses: the one that turns credentials into a user, or one that asks for a role."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.model import Endpoint, Guard
from fastwright.project.names import Symbol
from fastwright.recipes._app import accounts
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._written import Marker, Use, enum_members, roles_in_source, takes_roles, uses

# A guard of the same file says more about what belongs there than one from elsewhere.
_WEIGHTS = ((3, 10), (2, 3), (1, 1))


@dataclass(frozen=True)
class Chosen:
    """A guard, and how it is written: `target` reads as in the file `home`."""

    guard: Guard
    marker: Marker
    target: ast.expr
    home: str
    scopes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The expression that attaches it."""
        scopes = f", scopes=[{', '.join(_quoted(scope) for scope in self.scopes)}]" if self.scopes else ""
        return f"{self.marker}({_double_quoted(self.target)}{scopes})"


def choose(known: Known, targets: Sequence[Endpoint], role: str | None) -> Chosen | Refusal:
    """Return the guard for the endpoints in `targets`, which are all of one kind."""
    kind = "WebSockets" if targets[0].kind == "websocket" else "endpoints"
    guarded = [endpoint for endpoint in known.project.endpoints if _is_guarded(endpoint, targets[0].kind)]
    if not guarded:
        return _no_guard(known, kind)
    if role is not None:
        return _for_role(known, guarded, targets, role)
    ranked = _ranked(_guards_of_users(known, guarded), targets)
    if not ranked and not _roles(guarded):
        return _only_schemes(guarded, kind)
    if not ranked:
        return Refusal(
            reason=f"every guard of the {kind} asks for a role, so none lets any user through",
            hint=f"name the role: --role {_one_of(_roles(guarded))}",
        )
    others = tuple(guard.shown for guard in ranked[1:])
    return _written(known, ranked[0], targets, others)


def _is_guarded(endpoint: Endpoint, kind: str) -> bool:
    auth = endpoint.auth
    same_kind = (endpoint.kind == "websocket") == (kind == "websocket")
    return same_kind and auth.required and auth.proven and auth.refused_by == "guard" and bool(auth.guards)


def _no_guard(known: Known, kind: str) -> Refusal:
    if kind == "WebSockets" and any(endpoint.auth.guards for endpoint in known.project.endpoints):
        return Refusal(
            reason="no WebSocket of this app has a guard, and those of its endpoints read a request, which it is not",
            hint="write a guard that reads the handshake (a query parameter or cookie), or leave it out with --except",
        )
    return Refusal(reason="this app has no guard: nothing in it turns credentials into a user", hint=first_guard(known))


def first_guard(known: Known) -> str:
    """Return how an app without a guard comes to have one; where people sign in already, `add auth` adds none."""
    login = accounts.sign_in(known)
    if login is None:
        return "give it one first: fastwright add auth"
    return (
        f"write a dependency that reads what {login.method} {login.path} gives, put it on one endpoint, and ask again"
    )


def _only_schemes(guarded: Sequence[Endpoint], kind: str) -> Refusal:
    """Refuse where nothing of the project turns credentials into a user: a scheme lets every token through."""
    items = tuple(f"{one.method} {one.path}: {', '.join(guard.shown for guard in one.auth.guards)}" for one in guarded)
    return Refusal(
        reason=f"what guards other {kind} of this app is no dependency of its own, so it cannot be put elsewhere",
        hint="write a dependency that turns credentials into a user, and use it on one of them, then ask again",
        items=items,
    )


def _guards_of_users(known: Known, guarded: Sequence[Endpoint]) -> Iterator[tuple[Guard, Endpoint]]:
    """Yield the guards that let every user through: where no role is asked for, else what role checks stand on."""
    optional = {_place(guard) for one in known.project.endpoints if not one.auth.required for guard in one.auth.guards}
    plain = [endpoint for endpoint in guarded if not endpoint.auth.roles]
    for endpoint in plain or guarded:
        fitting = [guard for guard in endpoint.auth.guards if not guard.roles and _place(guard) not in optional]
        inner = {name for guard in fitting for name in guard.chain[:-1]}
        yield from ((guard, endpoint) for guard in fitting if guard.chain[-1] not in inner and guard.file)


def _place(guard: Guard) -> tuple[str | None, str]:
    return guard.file, guard.name


def _ranked(found: Iterable[tuple[Guard, Endpoint]], targets: Sequence[Endpoint]) -> list[Guard]:
    """Return the guards, the one that is used most, and nearest to the targets, first.

    One with a scheme comes before all without: it is in the document, so clients know how to get past it.
    """
    scores: Counter[tuple[str | None, str]] = Counter()
    guards: dict[tuple[str | None, str], Guard] = {}
    for guard, endpoint in found:
        guards.setdefault(_place(guard), guard)
        nearness = max(_nearness(endpoint.file, target.file) for target in targets)
        scores[_place(guard)] += sum(weight for level, weight in _WEIGHTS if nearness >= level)
    return sorted(guards.values(), key=lambda guard: (len(guard.chain) == 1, -scores[_place(guard)], guard.shown))


def _nearness(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 1
    if one == other:
        return 3
    return 2 if one.rpartition("/")[0] == other.rpartition("/")[0] != "" else 1


def _written(known: Known, guard: Guard, targets: Sequence[Endpoint], others: tuple[str, ...]) -> Chosen | Refusal:
    """Return a guard as the app attaches it elsewhere."""
    found = [use for use in uses(known) if use.is_of(guard) and not use.roles and not use.scopes]
    if found:
        best = _nearest(found, targets)
        return Chosen(guard, "Depends", best.target, best.file, others=others)
    file, line = guard.file, guard.line
    if file is None or guard.name not in known.source.files[file].definitions:
        return Refusal(
            reason=f"{guard.shown} guards other endpoints, and it cannot be told how the source attaches it",
            hint=f"attach it by hand, see {file}:{line}",
        )
    return Chosen(guard, "Depends", ast.Name(guard.name), file, others=others)


def _nearest(found: Sequence[Use], targets: Sequence[Endpoint]) -> Use:
    return max(found, key=lambda use: max(_nearness(use.file, target.file) for target in targets))


def _for_role(known: Known, guarded: Sequence[Endpoint], targets: Sequence[Endpoint], role: str) -> Chosen | Refusal:
    guards = {guard.shown: guard for endpoint in guarded for guard in endpoint.auth.guards}
    found = [(use, guard) for use in uses(known) for guard in guards.values() if use.is_of(guard)]
    exact = [(use, guard) for use, guard in found if _asks_only_for(use, guard, role)]
    if exact:
        use = _nearest([use for use, _guard in exact], targets)
        guard = next(guard for other, guard in exact if other is use)
        return Chosen(guard, use.marker, *_portable(known, use, targets), use.scopes)
    if role not in _roles(guarded) | roles_in_source(known):
        return _unknown_role(known, guarded, role)
    for use, guard in found:
        if use.scopes:
            return Chosen(guard, "Security", use.target, use.file, (role,))
        if use.maker and use.roles and takes_roles(known.names, use.maker):
            target, home = _portable(known, use, targets)
            remade = _with_role(known, target, home, role)
            if remade is not None:
                return Chosen(guard, "Depends", remade, home)
    return _unknown_role(known, guarded, role)


def _asks_only_for(use: Use, guard: Guard, role: str) -> bool:
    if use.scopes or use.maker:
        return (use.scopes or use.roles) == (role,)
    return guard.roles == (role,)


def _portable(known: Known, use: Use, targets: Sequence[Endpoint]) -> tuple[ast.expr, str]:
    """Return what is attached, as it can be written in the files of the targets.

    A variable of another file with endpoints is not taken from there, but made again as it was made.
    """
    routed = {endpoint.file for endpoint in known.project.endpoints}
    variable = use.variable
    if variable is None or variable[0] not in routed or all(target.file == variable[0] for target in targets):
        return use.target, use.file
    value = known.names.value(variable)
    return (value, variable[0]) if value is not None else (use.target, use.file)


def _with_role(known: Known, target: ast.expr, home: str, role: str) -> ast.expr | None:
    """Return `Checker("editor")` for `Checker("admin", "owner")`, in the way in which its arguments are written."""
    if isinstance(target, ast.Name) and (symbol := known.names.resolve(home, target)):
        value = known.names.value(symbol)
        target = value if value is not None and symbol[0] == home else target
    if not isinstance(target, ast.Call):
        return None
    given = [*target.args, *(keyword.value for keyword in target.keywords)]
    if len(given) > 1 and not all(isinstance(value, ast.Constant | ast.Attribute) for value in given):
        return None
    new = _like(known, home, given[0], role)
    if new is None:
        return None
    if target.args:
        return ast.Call(target.func, [new], [])
    return ast.Call(target.func, [], [ast.keyword(target.keywords[0].arg, new)])


def _like(known: Known, home: str, value: ast.expr, role: str) -> ast.expr | None:
    if isinstance(value, ast.List | ast.Tuple | ast.Set) and value.elts:
        inner = _like(known, home, value.elts[0], role)
        if inner is None or isinstance(value, ast.Set):
            return None if inner is None else ast.Set([inner])
        return type(value)([inner], ast.Load())
    if isinstance(value, ast.Constant):
        return ast.Constant(role)
    if isinstance(value, ast.Attribute):
        from_value = value.attr == "value" and isinstance(value.value, ast.Attribute)
        member = value.value if from_value else value
        if isinstance(member, ast.Attribute) and (name := _member_name(known, home, member, role)):
            made = ast.Attribute(member.value, name, ast.Load())
            return ast.Attribute(made, "value", ast.Load()) if from_value else made
    return None


def _member_name(known: Known, home: str, member: ast.Attribute, role: str) -> str | None:
    symbol: Symbol | None = known.names.resolve(home, member.value)
    definition = known.names.definition(symbol) if symbol else None
    if not isinstance(definition, ast.ClassDef):
        return None
    return next((name for name, value in enum_members(definition) if value == role), None)


def _roles(guarded: Sequence[Endpoint]) -> set[str]:
    return {role for endpoint in guarded for role in endpoint.auth.roles}


def _unknown_role(known: Known, guarded: Sequence[Endpoint], role: str) -> Refusal:
    roles = _roles(guarded)
    if not roles:
        return Refusal(
            reason="no guard of this app looks at a role",
            hint="give it roles first: fastwright add roles; or leave out --role, and any user is let through",
        )
    known_roles = sorted(roles | roles_in_source(known))
    return Refusal(reason=f"no guard of this app knows the role {role!r}", hint=f"--role {_one_of(known_roles)}")


def _one_of(roles: Iterable[str]) -> str:
    return " or --role ".join(sorted(roles))


def _double_quoted(node: ast.expr) -> str:
    """Return source with the quotes that most code has; `ast.unparse` writes single ones."""
    texts = [
        inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    ]
    source = ast.unparse(node)
    for text in texts:
        source = source.replace(repr(text), _quoted(text))
    return source


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text and "\\" not in text and text.isprintable() else repr(text)
