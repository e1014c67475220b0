"""A project as the rules see it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from fastwright.project.model import Project
from fastwright.rules._engine.constants import Constants
from fastwright.rules._engine.copies import Copies
from fastwright.rules._engine.endpoints import Depending, Route
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import Site
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.following import Called, Follower, Reached, Root
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.keys import Keys
from fastwright.rules._engine.modules import Module
from fastwright.rules._engine.observed import Observed
from fastwright.rules._engine.origins import Origins
from fastwright.rules._engine.parameters import Parameters
from fastwright.rules._engine.reading import Files
from fastwright.rules._engine.routing import find_routes
from fastwright.rules._engine.statements import Statements
from fastwright.rules._engine.tables import Tables, WrittenTable
from fastwright.rules._engine.values import Instance, Scope, Value, library


class View:
    """Everything that rules ask; the answers are worked out when they are wanted, and once.

    `project` is the map: of the running app, or of the source alone (`project.app.static`), or missing if there is no
    app to be found. As long as it is not answered, it is what the source claims, and who may call an endpoint cannot be
    asked. `routes` are its endpoints, and those that are in the source and not in the map.
    """

    def __init__(
        self, files: Files, project: Project | None, observed: Observed | None = None, *, is_answered: bool = True
    ) -> None:
        self.files = files
        self.observed = observed or Observed()
        self.project = project
        self.index = files.index
        self.evaluator = Evaluator(self.index)
        self.fields = Fields(self.evaluator)
        self.constants = Constants(self.evaluator)
        self.statements = Statements(self.evaluator, self.fields)
        self.keys = Keys(self.evaluator)
        self.origins = Origins(self.evaluator, self.fields)
        self.parameters = Parameters(self.evaluator, self.fields)
        self.copies = Copies(self.evaluator, self.fields, self.constants, self.origins)
        self._follower = Follower(self.evaluator)
        self._reached: dict[int, list[Reached]] = {}
        self._is_answered = is_answered

    @property
    def modules(self) -> list[Module]:
        """The modules that are not tests."""
        return self.index.own

    @cached_property
    def tables(self) -> Tables:
        """The tables that have no class."""
        return Tables(self.modules, (text for path, text in self.files.source.texts.items() if path.endswith(".sql")))

    @cached_property
    def written_tables(self) -> list[WrittenTable]:
        """The tables that SQL in text makes, and that are the app's: something that is no script names them.

        Those of migrations are among them if no class has them, and so nothing else says what they are.
        """
        served = [one for one in self.modules if one not in self.scripts and not one.is_migration]
        found: list[WrittenTable] = []
        for one in self.tables.written:
            name = one.table.name.encode()
            mapped = one.module.is_migration and any(self._maps(module, name) for module in served)
            if not mapped and any(name in module.content for module in served):
                found.append(one)
        return found

    @staticmethod
    def _maps(module: Module, table: bytes) -> bool:
        return b"__tablename__" in module.content and table in module.content

    @cached_property
    def routes(self) -> list[Route]:
        routes = find_routes(self.project, self.index, self.evaluator, self.depending)
        for one in routes:
            one.is_answered = self._is_answered
        return routes

    def answer(self, project: Project) -> None:
        """Take in what the endpoints have answered: the map of which the one so far was what the source claims."""
        for route, endpoint in zip([one for one in self.routes if one.is_mapped], project.endpoints, strict=True):
            route.endpoint = endpoint
        for route in self.routes:
            route.is_answered = True
        self.project = project

    @cached_property
    def depending(self) -> Depending:
        return Depending(self.evaluator, self.modules)

    @cached_property
    def functions(self) -> list[Function]:
        """All functions and methods that are not tests."""
        return [function for module in self.modules for function in module.functions]

    def naming(self, *words: str) -> Iterator[Module]:
        """Yield the modules in whose text one of the words is: a quick look before a long one."""
        wanted = [word.encode() for word in words]
        yield from (module for module in self.modules if any(word in module.content for word in wanted))

    @cached_property
    def scripts(self) -> set[Module]:
        """The modules that nothing imports and that do something by themselves: people run them."""
        index = self.index
        imported = {
            other
            for module in index.by_path.values()
            for dotted, name in (*module.imports.values(), *((star, "") for star in module.stars))
            for other in (index.named(dotted, module), index.named(f"{dotted}.{name}", module))
        }
        return {one for one in self.modules if one not in imported and one.runs_by_itself}

    def scope(self, of: Module | Function) -> Scope:
        return self.evaluator.scope(of)

    def value(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return what an expression stands for."""
        return self.evaluator.evaluate(node, scope)

    def library(self, node: ast.expr | None, scope: Scope) -> str:
        """Return the dotted path of what a library calls the value of an expression, or of its type, or nothing."""
        return library(self.evaluator.evaluate(node, scope))

    def reached(self, route: Route, root: Root | None = None) -> list[Reached]:
        """Return the functions that run for an endpoint, its own first, with how each is reached."""
        known = self._reached.get(id(route))
        if known is None:
            known = self._follower.reached(list(self._starts(route)))
            self._reached[id(route)] = known
        return known if root is None else [one for one in known if one.root == root]

    @cached_property
    def running(self) -> set[int]:
        """The ids of the functions that run for an endpoint."""
        return {id(one.function) for route in self.routes for one in self.reached(route)}

    def follow(self, function: Function) -> list[Reached]:
        """Return the functions that run when one is called that no endpoint leads to, itself first."""
        me = Instance(function.owner) if function.owner is not None else None
        return self._follower.reached([(function, "endpoint", me)])

    @cached_property
    def called_names(self) -> set[str]:
        """The last names of all that is called anywhere."""
        return {site.name for module in self.modules for one in (module, *module.functions) for site in one.facts.calls}

    def calls(self, route: Route, root: Root | None = None) -> Iterator[Called]:
        """Yield the calls that are made for an endpoint, at any depth; only from a `root` if that is given."""
        for one in self.reached(route, root):
            yield from self._follower.calls(one)

    def keywords(self, call: Called) -> Iterator[tuple[str, ast.expr, Scope]]:
        """Yield what a call is given by name, also by `**values` where the dictionary is written in the code."""
        for one in call.node.keywords:
            if one.arg is not None:
                yield one.arg, one.value, call.scope
                continue
            given = call.scope.bound.get(one.value.id) if isinstance(one.value, ast.Name) else None
            written, scope = given or self.constants.written(one.value, call.scope) or (one.value, call.scope)
            if isinstance(written, ast.Dict):
                pairs = zip(written.keys, written.values, strict=True)
                yield from ((str(key.value), value, scope) for key, value in pairs if isinstance(key, ast.Constant))

    def is_mapped(self, route: Route) -> bool:
        """Tell whether an endpoint is in the map, so that its path is known as a whole."""
        return self.project is None or route.is_mapped

    def status(self, route: Route) -> int:
        """Return the status of a success, which is 200 unless something else is declared."""
        declared = route.option("status_code")
        if declared is None or route.function is None:
            return route.endpoint.status_code or 200
        return self.constants.status(declared, self.scope(route.function)) or route.endpoint.status_code or 200

    def fills(self, route: Route, function: Function) -> bool:
        """Tell whether the framework fills the parameters of a function: that of the endpoint or of a dependency."""
        return function is route.function or any(one.function is function for one in route.dependencies)

    def calls_within(self, reached: Reached) -> list[Called]:
        return self._follower.calls(reached)

    def sites(self, modules: Iterable[Module], test: Callable[[str], bool]) -> Iterator[tuple[Site, Scope]]:
        """Yield every call in modules, wherever it is, whose last name passes the test, with its scope."""
        for module in modules:
            for site in module.facts.calls:
                if test(site.name):
                    yield site, self.scope(module)
            for function in module.functions:
                for site in function.calls:
                    if test(site.name):
                        yield site, self.scope(function)

    def _starts(self, route: Route) -> Iterator[tuple[Function, Root, Value | None]]:
        if route.function is None:
            return
        yield route.function, "endpoint", None
        seen: set[int] = set()
        for dependency in route.dependencies:
            function = dependency.function
            if function is not None and id(function) not in seen:
                seen.add(id(function))
                yield function, "dependency", getattr(dependency.value, "me", None)
