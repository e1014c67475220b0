"""Which calls of an endpoint add a row: to a session, by a statement, or by SQL in text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import PEOPLE
from fastwright.rules._engine.drivers import DOCUMENT_CHANGES
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._responses import is_response
from fastwright.rules._rule import Called, Class, Function, Instance, Route, Site, Step, Value, View, project_class
from fastwright.rules._words import words

_UPSERTS = frozenset({"on_conflict_do_nothing", "on_conflict_do_update", "merge", "prefix_with"})
# Libraries whose models are saved by a method of their own.
_MAPPERS = ("beanie.", "tortoise.", "peewee.", "mongoengine.", "ormar.", "odmantic.", "piccolo.")
# May add rows, or send what adds them elsewhere.
_MAYBE = frozenset(
    {"add_all", "merge", "bulk_save_objects", "bulk_insert_mappings", "post", "put", "upload"} | _UPSERTS
)
CREATING = frozenset(
    {"create", "add", "new", "register", "signup", "insert", "make", "post", "place", "book", "upload", "save", "write"}
    | {"publish", "submit", "send", "crear", "agregar", "registrar", "guardar", "nuevo", "criar", "adicionar", "novo"}
    | {"cadastrar", "creer", "ajouter", "erstellen", "anlegen", "tambah", "buat"}
)
_MANY = frozenset({"bulk", "batch", "many"})
# A name that is shorter than this is in too many others.
_SHORT = 4
# Returns the row only if there was none.
_OR_NOTHING = re.compile(r"\bdo\s+nothing\s+returning\b", re.IGNORECASE)


def made(view: View, route: Route) -> Iterator[tuple[Called, Class | None, str]]:
    """Yield the calls that add rows in any case, with their model if they are new objects, and what they are called."""
    for call in view.calls(route, "endpoint"):
        if call.within.later or not all(_is_certain(view, one) for one in call.sites):
            continue
        if call.name in ("add", "add_all") and call.node.args and view.statements.on_session(call):
            for value in _added(view, call):
                if value is None:
                    yield call, None, ""
                elif isinstance(value.of, Class) and value.made and not _is_read(value):
                    yield call, value.of, value.of.name
        elif (table := _inserted(view, call)) is not None or (table := _saved(view, call)) is not None:
            yield call, None, table


def may_make(view: View, route: Route) -> bool:
    """Tell whether a row may be added, in any case or in some."""
    for call in view.calls(route):
        if call.name in _MAYBE or _inserted(view, call) is not None or _saved(view, call) is not None:
            return True
        is_added = call.name == "add" and call.node.args and view.statements.on_session(call)
        added = _values(view, call) if is_added else []
        if any(not isinstance(one, Instance) or (one.made and not _is_read(one)) for one in added):
            return True
    return False


def _values(view: View, call: Called) -> list[Value | None]:
    """Return what may be added: all that the variable is set to."""
    given, function = call.node.args[0], call.scope.function
    named = function.facts.bindings.get(given.id, []) if function is not None and isinstance(given, ast.Name) else []
    return [view.value(one.value, call.scope) for one in named] or [view.value(given, call.scope)]


def also_deletes(view: View, route: Route) -> bool:
    """Tell whether rows are added in one case and deleted in the other: `if vote.up: … else: …`."""
    added: set[tuple[int, bool]] = set()
    deleted: set[tuple[int, bool]] = set()
    for call in view.calls(route, "endpoint"):
        if call.name in ("add", "delete") and call.path.startswith(("sqlalchemy.", "sqlmodel.")):
            sides = {(id(test), holds) for site in call.sites for test, holds in site.around.branches}
            (added if call.name == "add" else deleted).update(sides)
    return any((test, not holds) in deleted for test, holds in added)


def changes(view: View, route: Route) -> bool:
    """Tell whether something is written to a database."""
    return any(call.name == "commit" and view.statements.on_session(call) for call in view.calls(route))


def _added(view: View, call: Called) -> Iterator[Instance | None]:
    """Yield the objects that are added; nothing is what is not known of one."""
    given = call.node.args[0]
    value = view.value(given, call.scope)
    if call.name == "add":
        yield from [value] if isinstance(value, Instance | None) else []
        return
    function = call.scope.function
    put = [
        site.node.args[0]
        for site in (function.calls if function is not None and isinstance(given, ast.Name) else ())
        if site.node.args
        and isinstance(site.node.func, ast.Attribute)
        and site.name == "append"
        and last_name(site.node.func.value) == last_name(given)
    ]
    items = [value.item if isinstance(value, Instance) else None, *(view.value(one, call.scope) for one in put)]
    yield from (one for one in items if isinstance(one, Instance))


def _saved(view: View, call: Called) -> str | None:
    """Return what a document or object is called that saves itself, or that a collection is given."""
    func = call.node.func
    if not isinstance(func, ast.Attribute):
        return None
    if call.name in DOCUMENT_CHANGES and DOCUMENT_CHANGES[call.name] == "adds documents":
        return ast.unparse(func.value)
    if call.name in ("create", "insert", "save") and call.path.startswith(_MAPPERS):
        value = view.value(func.value, call.scope)
        is_new = call.name != "save" or (isinstance(value, Instance) and value.made is not None and not _is_read(value))
        model = project_class(value)
        return model.name if model is not None and is_new else None
    return None


def _inserted(view: View, call: Called) -> str | None:
    """Return the table to which a statement adds rows, be it SQL or built in Python; not if it may find them there."""
    given = sql_argument(call.node)
    for one in view.statements.sql(call.node, call.scope):
        if one.verb == "insert":
            finds = one.upserts and not _OR_NOTHING.search(view.statements.texts.of(given, call.scope))
            return None if finds else one.table
    if given is None or not view.statements.on_session(call):
        return None
    steps = view.statements.steps(given, call.scope)
    names = {one.name for one in steps}
    inserts = (one for one in steps if one.name == "insert")
    return next((_table(view, one) for one in inserts), None) if not names & _UPSERTS else None


def _table(view: View, step: Step) -> str:
    """Return what `insert(orders)` or `orders.insert()` adds to, as it is called."""
    func = step.node.func
    of = next(iter(step.node.args), func.value if isinstance(func, ast.Attribute) else func)
    model = view.value(of, step.scope)
    return model.name if isinstance(model, Class) else ast.unparse(of)


def _is_certain(view: View, site: Site) -> bool:
    """Tell what is done in any case, or else an error is raised or nothing is returned."""
    if site.function is None:
        return False
    tests = [test for test, _holds in site.around.branches]
    branches = list(site.function.nodes(ast.If))
    found = [node for node in branches if node.test in tests]
    before = [node for node in branches if node not in found and node.lineno < site.node.lineno]
    if any(_gives(node.body) for node in before):
        return False  # what is there already is returned
    return len(found) == len(tests) and all(_is_refused(view, site.function, node) for node in found)


def _is_refused(view: View, function: Function, node: ast.If) -> bool:
    """Tell a test of which one side refuses, or after which nothing comes."""
    if _refuses(view, function, node.body) or _refuses(view, function, node.orelse, node.test):
        return True
    return not node.orelse and function.node.body[-1] is node and isinstance(node.body[-1], ast.Return)


def _gives(body: list[ast.stmt]) -> bool:
    """Tell a branch that returns something, and not only that something is wrong."""
    last = body[-1] if body else None
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Name | ast.Attribute | ast.Await)


def _refuses(view: View, function: Function, body: list[ast.stmt], missing: ast.expr | None = None) -> bool:
    """Tell a branch that raises, or returns nothing: a constant, a response, or what was tested and is not there."""
    last = body[-1] if body else None
    value = last.value if isinstance(last, ast.Return) else None
    is_missing = isinstance(value, ast.Name) and isinstance(missing, ast.Name) and value.id == missing.id
    is_answer = value is not None and is_response(view, value, view.scope(function))
    return isinstance(last, ast.Raise) or isinstance(value, ast.Constant) or is_missing or is_answer


def _is_read(value: Instance) -> bool:
    """Tell an object that came from a query: `session.get(Order, 1)`."""
    func = value.made[0].func if value.made else None
    return isinstance(func, ast.Attribute) and func.attr in ("get", "get_one", "first", "one", "scalar")


def last_step(route: Route) -> str:
    """Return the last step of a path that names something: no parameter, and not how many."""
    steps = (step for step in reversed(route.path.split("/")) if step and not step.startswith("{"))
    return next((step for step in steps if step not in _MANY), "")


def is_named_after(route: Route, row: str) -> bool:
    """Tell an endpoint that says of itself that it makes such a row: `create_review`, or `POST /reviews`."""
    names = words(route.function.name) if route.function is not None else ()
    if route.option("status_code") is not None or "to" in names:  # chosen, or what only ties two rows together
        return False
    last = words(last_step(route))
    says_so = bool(CREATING & {*names[:1], *last})
    if says_so and (not row or (row.lower() in PEOPLE and {"register", "signup"} & {*names, *last})):
        return True
    if says_so:
        return any(_is_of(name, row) for name in (*names, *words(route.path)))
    return bool(last) and all(_is_of(name, row) for name in last)


def _is_of(name: str, row: str) -> bool:
    """Tell a word that is in the name of a row, in the one or the many: `stories` of `Story`."""
    stem = _stem(name)
    return stem in {_stem(one) for one in words(row)} or (len(stem) >= _SHORT and stem in row.lower())


def _stem(name: str) -> str:
    return name.removesuffix("s").removesuffix("ie").removesuffix("y")
