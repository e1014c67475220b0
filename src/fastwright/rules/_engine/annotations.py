"""What annotations and parameters say: `Annotated`, `Optional`, `list[…]`, `Depends`, and the results of queries."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fastwright.project.source import last_name
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, External, Instance, Scope, Value, library, project_class
from fastwright.rules._engine.variables import variable

if TYPE_CHECKING:
    from fastwright.rules._engine.evaluating import Evaluator

_VARIABLES = ("typing.TypeVar", "typing_extensions.TypeVar")
_VAGUE = frozenset(
    # The last is what editors like to import for the name of a database session.
    {"typing.Any", "builtins.object", "builtins.dict", "builtins.list", "requests.Session"}
)
_FIRST = frozenset({"Annotated", "Optional", "Final", "ClassVar", "Required", "NotRequired", "Mapped", "Union"})
_ONE = frozenset({"one", "one_or_none", "first", "scalar_one", "scalar_one_or_none", "scalar", "get", "get_one"})
_MAKING = frozenset({"model_validate", "parse_obj", "from_orm", "model_construct", "validate", "model_validate_json"})
_MANY = frozenset({"all", "scalars", "unique", "fetchall", "scalar_all", "yield_per", "execute", "exec"})


class Types:
    """Reads types for an evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._quoted: dict[tuple[str, int], ast.expr | None] = {}
        self._open: set[int] = set()

    def annotated(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return an object of the type that an annotation names; for `type[X]` the class itself."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.annotated(self._unquoted(node), scope)
        if isinstance(node, ast.BinOp):
            return self.annotated(node.left, scope) or self.annotated(node.right, scope)
        if isinstance(node, ast.Subscript):
            return self._generic(node, scope)
        return self._named(node, scope) if isinstance(node, ast.Name | ast.Attribute) else None

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope) -> Value | None:
        alias, where = self.alias(node, scope)
        if alias is not node:
            return self._aliased(alias, where)
        value = self._evaluator.evaluate(node, scope)
        if isinstance(value, Class | External):
            if isinstance(value, External) and value.last == "Self":
                return scope.me
            return Instance(value)
        if isinstance(value, Instance) and library(value) in _VARIABLES:
            return self._filled(ast.unparse(node), scope)
        return value if isinstance(value, Instance) else None

    def _filled(self, name: str, scope: Scope) -> Value | None:
        """Return what a type variable stands for in an object whose class says so: `Users(Repository[User])`."""
        me = project_class(scope.me)
        for of in self._evaluator.classes.lineage(me) if me is not None else ():
            for base in of.node.bases if isinstance(of, Class) else ():
                where = self._evaluator.scope(of.module) if isinstance(of, Class) else scope
                owner = self._evaluator.evaluate(base.value, where) if isinstance(base, ast.Subscript) else None
                names = _variables(owner) if isinstance(owner, Class) else []
                if isinstance(base, ast.Subscript) and name in names:
                    given = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
                    return self.annotated(given[names.index(name)], where) if len(given) == len(names) else None
        return None

    def _aliased(self, alias: ast.expr, scope: Scope) -> Value | None:
        """Return what an alias stands for; one that names itself, such as `Json = dict[str, "Json"]`, has no end."""
        if id(alias) in self._open:
            return None
        self._open.add(id(alias))
        try:
            return self.annotated(alias, scope)
        finally:
            self._open.discard(id(alias))

    def alias(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """Return what an alias such as `SessionDep = Annotated[…]` stands for, with where that is written.

        An annotation in quotes stands for what is in them.
        """
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._unquoted(node) or node, scope
        found = self._evaluator_alias(node, scope)
        return found or (node, scope)

    def is_vague(self, value: Value) -> bool:
        """Tell a type that says nothing of what is in it."""
        path = value.of.name if isinstance(value, Instance) and isinstance(value.of, External) else ""
        return path.endswith(".Callable") or (path in _VAGUE and isinstance(value, Instance) and not value.items)

    def parameter(self, function: Function, name: str, scope: Scope) -> Value | None:
        """Return what a parameter is: what it is called with, what its type says, or what it depends on."""
        own = scope.function is function
        if own and name in scope.bound:
            value = self._evaluator.evaluate(*scope.bound[name])
            if value is not None:
                return value
        where = self._evaluator.scope(function) if not own else scope
        typed = self.annotated(function.parameters[name].annotation, where)
        if typed is not None and not self.is_vague(typed):
            return self._provided(function, name, typed) or typed
        default, there = self.default(function, name)
        if (dependency := _dependency(default)) is not None:
            return self.given_by(dependency, there) or typed
        return typed or self._evaluator.evaluate(default, there)

    def _provided(self, function: Function, name: str, typed: Value) -> Value | None:
        """Return the object that a dependency makes, where its type is a class of the project.

        It says more than the type: what the object was made with, and of an interface which class that is.
        """
        of = typed.of if isinstance(typed, Instance) else None
        annotation, where = function.parameters[name].annotation, self._evaluator.outside(function)
        if not isinstance(of, Class) or annotation is None:
            return None
        for _ in range(3):
            annotation, where = self.alias(annotation, where)
        default, there = self.default(function, name)
        inner = ((_dependency(node), where) for node in ast.walk(annotation))
        for dependency, scope in ((_dependency(default), there), *inner):
            value = self._evaluator.evaluate(dependency, scope)
            made = self._made_by(value.function) if isinstance(value, Bound) else None
            if made is not None and of in self._evaluator.classes.lineage(made[1]):
                return made[0]
        return None

    def _made_by(self, function: Function) -> tuple[Instance, Class] | None:
        """Return the object that a function makes by calling its class; a row of a query is none."""
        scope = self._evaluator.scope(function)
        for node in function.returned:
            value = self._evaluator.evaluate(node, scope)
            of = value.of if isinstance(value, Instance) else None
            if isinstance(value, Instance) and isinstance(of, Class) and value.made is not None:
                is_called = isinstance(self._evaluator.evaluate(value.made[0].func, value.made[1]), Class)
                return (value, of) if is_called else None
        return None

    def default(self, function: Function, name: str) -> tuple[ast.expr | None, Scope]:
        """Return the default of a parameter, with where it is written: `SignedIn = Depends(…)` may be elsewhere."""
        default, scope = function.defaults.get(name), self._evaluator.outside(function)
        symbol = variable(self._evaluator.index, default, scope)
        written = symbol[0].values[symbol[1]][0] if symbol else None
        if symbol is not None and isinstance(written, ast.Call):
            return written, self._evaluator.scope(symbol[0])
        return default, scope

    def given_by(self, dependency: ast.expr, scope: Scope) -> Value | None:
        """Return what a dependency gives to those who depend on it."""
        value = self._evaluator.evaluate(dependency, scope)
        if isinstance(value, Class):
            return Instance(value)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            value = self._evaluator.member(value, "__call__")
        if isinstance(value, Bound):
            return self._evaluator.returned(value, self._evaluator.scope(value.function))
        return None

    def known_result(self, called: External, node: ast.Call, scope: Scope) -> Value | None:
        """Return the rows that a query of SQLAlchemy gives, where it is known of which model they are."""
        if not isinstance(node.func, ast.Attribute):
            return None
        made = self._made(called, node, node.func, scope)
        if made is not None or called.last not in _ONE | _MANY:
            return made
        model = self._selected(node, scope)
        if model is None:
            return None
        row = Instance(model)
        if called.last in _ONE:
            return row
        return Instance(External(f"{called.name}()"), (node, scope), (row,))

    def _made(self, called: External, node: ast.Call, func: ast.Attribute, scope: Scope) -> Instance | None:
        """Return what `Schema.model_validate(…)` and `session.get(Model, …)` give."""
        by_method = called.last in _MAKING
        named = func.value if by_method else next(iter(node.args), None)
        if not by_method and called.last not in ("get", "get_one"):
            return None
        made = self._evaluator.evaluate(named, scope)
        return Instance(made, (node, scope)) if isinstance(made, Class) else None

    def _selected(self, node: ast.Call, scope: Scope) -> Class | None:
        """Return the model of the rows: of `query(Model)`, of the statement that is executed, or of what is before."""
        before = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for argument in [*node.args[:1], *before]:
            value = self._evaluator.evaluate(argument, scope)
            if isinstance(value, Instance) and isinstance(value.item, Instance) and isinstance(value.item.of, Class):
                return value.item.of
            if isinstance(value, Instance) and value.made is not None and not value.items:
                model = self._built_for(*value.made)
                if model is not None:
                    return model
        return None

    def _built_for(self, node: ast.Call, scope: Scope, depth: int = 12) -> Class | None:
        """Return the model that a statement or a query selects, through the calls that it was built with."""
        name = last_name(node.func)
        if name in ("select", "query", "returning") and node.args:
            value = self._evaluator.evaluate(node.args[0], scope)
            return value if isinstance(value, Class) else None
        if depth and isinstance(node.func, ast.Attribute):
            before = self._evaluator.evaluate(node.func.value, scope)
            if isinstance(before, Instance) and before.made is not None:
                return self._built_for(*before.made, depth - 1)
        return None

    def _generic(self, node: ast.Subscript, scope: Scope) -> Value | None:
        name = last_name(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _FIRST:
            return next(
                (
                    value
                    for one in inner[: 1 if name == "Annotated" else None]
                    if (value := self.annotated(one, scope)) is not None
                ),
                None,
            )
        if name in ("type", "Type"):
            value = self.annotated(inner[0], scope)
            return value.of if isinstance(value, Instance) else None
        owner = self._evaluator.evaluate(node.value, scope)
        if not isinstance(owner, Class | External):
            return None
        items = [value for one in inner if (value := self.annotated(one, scope)) is not None]
        return Instance(owner, None, tuple(items))

    def _evaluator_alias(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        symbol = variable(self._evaluator.index, node, scope)
        if symbol is None:
            return None
        module, name = symbol
        first = module.values[name][0]
        is_type = isinstance(first, ast.Subscript | ast.BinOp | ast.Name | ast.Attribute)
        return (first, self._evaluator.scope(module)) if is_type else None

    def _unquoted(self, node: ast.Constant) -> ast.expr | None:
        key = (str(node.value), id(node))
        if key not in self._quoted:
            try:
                self._quoted[key] = ast.parse(str(node.value).strip(), mode="eval").body
            except SyntaxError:
                self._quoted[key] = None
        return self._quoted[key]


def _variables(of: Class) -> list[str]:
    """Return the type variables of a class: those in `Generic[…]`."""
    for base in of.node.bases:
        if isinstance(base, ast.Subscript) and last_name(base.value) in ("Generic", "Protocol"):
            return [
                ast.unparse(one) for one in (base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice])
            ]
    return []


def _dependency(node: ast.AST | None) -> ast.expr | None:
    """Return what is depended on: `load` in `Depends(load)`."""
    if isinstance(node, ast.Call) and node.args and last_name(node.func) in ("Depends", "Security"):
        return node.args[0]
    return None
