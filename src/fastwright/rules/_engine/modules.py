"""The modules of a project: what each defines, imports and sets, and how they are found by their dotted names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import PurePosixPath

from fastwright.project.source import SourceFile
from fastwright.rules._engine.facts import Facts
from fastwright.rules._engine.functions import Function, FunctionNode


@dataclass(eq=False)
class Class:
    """A class of the project."""

    module: Module
    node: ast.ClassDef
    qualname: str
    methods: dict[str, Function] = field(default_factory=dict[str, Function])
    # What is set in its body, as written: annotation and value.
    attributes: dict[str, tuple[ast.expr | None, ast.expr | None]] = field(
        default_factory=dict[str, tuple[ast.expr | None, ast.expr | None]]
    )
    lines: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def name(self) -> str:
        return self.node.name

    @cached_property
    def set_in_methods(self) -> dict[str, list[tuple[Function, ast.expr]]]:
        """What `self.name = value` says, by name."""
        found: dict[str, list[tuple[Function, ast.expr]]] = {}
        for method in self.methods.values():
            for target, value in _set_attributes(method):
                found.setdefault(target, []).append((method, value))
        return found


class Module:
    """One file. Functions and classes under `if` and `try` count as if they stood alone."""

    def __init__(self, file: SourceFile, content: bytes) -> None:
        self.path = file.path
        self.tree = file.tree
        self.is_test = file.is_test
        self.content = content
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.top: dict[str, Function | Class] = {}
        # Each imported name with the module and the name in it; an empty one is the module itself.
        self.imports: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        # All modules of the project, once they are known.
        self.index: Index | None = None
        parts = PurePosixPath(file.path).parent.parts
        self._package = [*parts]
        self._read(file.tree.body, "", None, None)

    def __repr__(self) -> str:
        return f"Module({self.path!r})"

    def original(self, name: str) -> str:
        """Return what a name is called where it is imported from: `select` for `sel` after `import select as sel`."""
        return self.imports[name][1] or name if name in self.imports else name

    def defining(self, name: str) -> Iterator[ast.ClassDef]:
        """Yield the class of the project that a name stands for here, if it is one."""
        found = self.top.get(name)
        if found is None and name in self.imports and self.index is not None:
            dotted, inner = self.imports[name]
            other = self.index.named(dotted, self)
            found = other.top.get(inner) if other is not None else None
        if isinstance(found, Class):
            yield found.node

    @property
    def is_migration(self) -> bool:
        """Whether it is a revision of Alembic, or stands beside them."""
        return "down_revision" in self.values or bool({"alembic", "migrations", "versions"} & set(self._package))

    @property
    def runs_by_itself(self) -> bool:
        """Whether it does something when it is run, and has no endpoints."""
        if b"APIRouter(" in self.content or b"FastAPI(" in self.content:
            return False
        return any(
            isinstance(node, ast.For | ast.While)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
            or (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))
            for node in self.tree.body
        )

    @cached_property
    def lines(self) -> list[str]:
        return self.content.decode("utf-8", "replace").splitlines()

    @cached_property
    def facts(self) -> Facts:
        """What the module does when it is imported; bodies of classes are in it."""
        facts = Facts(self, None)
        facts.read(self.tree.body)
        for one in self.classes:
            facts.read([statement for statement in one.node.body if not isinstance(statement, FunctionNode)])
        return facts

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        """What the variables of the module are set to."""
        found: dict[str, list[ast.expr]] = {}
        for statement in _plain_statements(self.tree.body):
            value = getattr(statement, "value", None)
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and isinstance(value, ast.expr):
                    found.setdefault(target.id, []).append(value)
        return found

    def _read(self, body: list[ast.stmt], prefix: str, owner: Class | None, outer: Function | None) -> None:
        for node in body:
            if isinstance(node, FunctionNode):
                self._function(node, prefix, owner, outer)
            elif isinstance(node, ast.ClassDef):
                self._class(node, prefix, outer)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node, is_top=not prefix)
            else:
                self._statement(node, prefix, owner, outer)

    def _statement(self, node: ast.stmt, prefix: str, owner: Class | None, outer: Function | None) -> None:
        if owner is not None and outer is None:
            _attribute(owner, node)
        for part in ("body", "orelse", "finalbody"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):
                self._read(inner, prefix, owner, outer)  # pyright: ignore[reportUnknownArgumentType]
        for one in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self._read(one.body, prefix, owner, outer)

    def _function(self, node: FunctionNode, prefix: str, owner: Class | None, outer: Function | None) -> None:
        function = Function(self, node, prefix + node.name, owner, outer)
        self.functions.append(function)
        if owner is not None and outer is None:
            owner.methods[node.name] = function
        elif outer is not None:
            outer.inner.append(function)
        else:
            self.top[node.name] = function
        self._read(node.body, f"{prefix}{node.name}.", None, function)

    def _class(self, node: ast.ClassDef, prefix: str, outer: Function | None) -> None:
        made = Class(self, node, prefix + node.name)
        self.classes.append(made)
        if not prefix:
            self.top[node.name] = made
        elif outer is not None:
            self.top.setdefault(node.name, made)
        else:
            self.top.setdefault(prefix + node.name, made)
        self._read(node.body, f"{prefix}{node.name}.", made, None)

    def _import(self, node: ast.Import | ast.ImportFrom, *, is_top: bool) -> None:
        for name, target in self._imported(node):
            if name == "*":
                self.stars.append(target[0])
            elif is_top or name not in self.imports:
                self.imports[name] = target

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, tuple[str, str]]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                yield (alias.asname, (alias.name, "")) if alias.asname else (first, (first, ""))
            return
        base = self._package[: len(self._package) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            yield alias.asname or alias.name, (module, alias.name)


class Index:
    """All modules of a project by path, and by the dotted names under which they can be imported.

    `root` is the name of its directory, which may itself be the package that the project is imported as.
    """

    def __init__(self, modules: list[Module], root: str = "") -> None:
        self._root = f"{root}."
        self.by_path = {module.path: module for module in modules}
        self._by_name: dict[str, list[Module]] = {}
        # A module may be imported from any directory above it; the shortest path to a name comes first.
        for module in sorted(modules, key=lambda one: len(one.path)):
            module.index = self
            steps = module.path.removesuffix(".py").removesuffix("/__init__").split("/")
            for start in range(len(steps)):
                self._by_name.setdefault(".".join(steps[start:]), []).append(module)

    def named(self, dotted: str, near: Module) -> Module | None:
        """Return the module with this name; of several services in one tree, the one beside whoever asks."""
        found = self._by_name.get(dotted) or self._by_name.get(dotted.removeprefix(self._root))
        if found is None or len(found) == 1:
            return found[0] if found else None
        return max(found, key=lambda one: _common(one.path, near.path))

    def only_method(self, name: str) -> Function | None:
        """Return the method whose name, of several words, just one class has: it is meant wherever it is called."""
        found = self._methods.get(name, [])
        return found[0] if len(found) == 1 and "_" in name.strip("_") else None

    @cached_property
    def _methods(self) -> dict[str, list[Function]]:
        found: dict[str, list[Function]] = {}
        for owner in (owner for module in self.own for owner in module.classes):
            for name, method in owner.methods.items():
                found.setdefault(name, []).append(method)
        return found

    @property
    def own(self) -> list[Module]:
        """The modules that are not tests."""
        return [module for module in self.by_path.values() if not module.is_test]


def _common(path: str, other: str) -> int:
    """Return how many directories two paths have in common."""
    pairs = zip(path.split("/"), other.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _plain_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            yield node
        elif isinstance(node, ast.If):
            yield from _plain_statements([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _plain_statements([*node.body, *(one for h in node.handlers for one in h.body), *node.orelse])
        elif isinstance(node, ast.With | ast.For | ast.While):
            yield from _plain_statements(node.body)


def _attribute(owner: Class, node: ast.stmt) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        if isinstance(target, ast.Name):
            annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
            owner.attributes[target.id] = (annotation, getattr(node, "value", None))
            owner.lines[target.id] = node.lineno


def _set_attributes(method: Function) -> Iterator[tuple[str, ast.expr]]:
    first = next(iter([*method.node.args.posonlyargs, *method.node.args.args]), None)
    for node in (*method.nodes(ast.Assign), *method.nodes(ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and first is not None
                and target.value.id == first.arg
                and node.value is not None
            ):
                yield target.attr, node.value
