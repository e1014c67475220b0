"""What is kept in collections of MongoDB, and by mappers that are asked by their class: what goes out with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import last_name
from fastwright.rules._rule import Bound, Class, Scope, View, project_class
from fastwright.rules._words import is_password

MAPPERS = ("tortoise.", "beanie.", "ormar.", "odmantic.")
# Of these, objects are written out by Pydantic wherever they stand.
_PYDANTIC = ("beanie.", "ormar.", "odmantic.")
_READS = frozenset({"find_one", "find", "aggregate", "find_one_and_update", "find_one_and_replace"})
_WRITES = frozenset({"insert_one", "insert_many", "replace_one"})
_FINDERS = frozenset({"get", "get_or_none", "find_one", "find", "find_all", "find_many", "all", "filter", "create"})
# What is called on what was found, and leaves documents as they are.
_CHAINED = frozenset(
    {"to_list", "sort", "limit", "skip", "order_by", "first", "first_or_none", "offset", "prefetch_related"}
    | {"filter", "all", "distinct", "find", "find_many", "batch_size"}
)
# What leaves something out of the documents of a pipeline.
_SHAPES = ("$project", "$unset", "$group", "pipeline")
# What says of no collection which one it is.
_ANY = frozenset({"collection", "_collection", "coll", "col", "db", "self"})
_DEPTH = 6
_KEPT: WeakKeyDictionary[View, dict[str, set[str]]] = WeakKeyDictionary()


def collection(view: View, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> str:
    """Return what a collection is called: `users` of `db["users"]`, wherever that is written, else its own name."""
    found, where = view.constants.written(node, scope) or (node, scope)
    found = found.value if isinstance(found, ast.Await) else found
    if isinstance(found, ast.Subscript) and isinstance(found.slice, ast.Constant):
        return str(found.slice.value)
    if isinstance(found, ast.Call) and depth:
        called = view.value(found.func, where)
        if isinstance(called, Bound):
            inner = view.evaluator.bind(called, found, where)
            return next((collection(view, one, inner, depth - 1) for one in called.function.returned), "")
        text = view.constants.of(found.args[0], where) if found.args else None
        return text if isinstance(text, str) and last_name(found.func) == "get_collection" else ""
    owner = project_class(view.value(found.value, where)) if isinstance(found, ast.Attribute) else None
    if owner is None or not isinstance(found, ast.Attribute) or not depth:
        return "" if last_name(found) in _ANY else last_name(found)
    for method, value in owner.set_in_methods.get(found.attr, ()):
        return collection(view, value, view.scope(method), depth - 1)
    return f"{owner.name}.{found.attr}"


def kept(view: View) -> dict[str, set[str]]:
    """Return for each collection the keys of its documents: those that are put there, and passwords that are read."""
    known = _KEPT.get(view)
    if known is None:
        known = _KEPT[view] = {}
        for site, scope in view.sites(view.naming(*_WRITES), lambda name: name in _WRITES):
            func = site.node.func
            if isinstance(func, ast.Attribute) and site.node.args and not isinstance(view.value(func, scope), Bound):
                given = site.node.args[1:] if site.name == "replace_one" else site.node.args
                keys = {key for one in given[:1] for key in written(view, one, scope)}
                known.setdefault(collection(view, func.value, scope), set()).update(keys)
        for name, key in _read(view) if any(view.naming("find_one")) else ():
            known.setdefault(name, set()).add(key)
        known.pop("", None)
    return known


def _read(view: View) -> Iterator[tuple[str, str]]:
    """Yield the passwords that are taken out of documents: `user["password"]`, where a sign-in has looked it up."""
    for function in (one for module in view.naming("assword", "hash", "pwd") for one in module.functions):
        scope = view.scope(function)
        for node in function.nodes(ast.Subscript):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if isinstance(key, str) and is_password(key) and isinstance(node.ctx, ast.Load):
                for step in view.statements.steps(node.value, scope):
                    if step.name in _READS and isinstance(step.node.func, ast.Attribute):
                        yield collection(view, step.node.func.value, step.scope), key


def written(view: View, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the keys of a dictionary: written, filled in afterwards, or those of a schema that is dumped."""
    if isinstance(node, ast.Dict):
        yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))
        parts = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    elif isinstance(node, ast.Name) and scope.function is not None:
        parts = [one.value for one in scope.function.facts.bindings.get(node.id, ()) if one.kind in ("value", "added")]
        for one in scope.function.nodes(ast.Subscript):
            is_set = isinstance(one.ctx, ast.Store) and last_name(one.value) == node.id
            yield from (str(key.value) for key in [one.slice] if is_set and isinstance(key, ast.Constant))
    else:
        parts = [node.left, node.right] if isinstance(node, ast.BinOp) else []
        parts = list(node.elts) if isinstance(node, ast.List) else parts
    for one in parts if depth else ():
        yield from written(view, one, scope, depth - 1)
    copied = view.copies.read(node, scope) if isinstance(node, ast.Call | ast.Name) else None
    yield from copied.names if copied is not None and copied.schema is not None else ()


def shown(view: View, node: ast.Call, scope: Scope, *, as_is: bool) -> Iterator[tuple[str, str]]:
    """Yield the owner and the name of all that goes out with what a call gives: a document, or an object of a mapper.

    With `as_is` it is FastAPI that writes it out, without a declared type; else only what can be written out anyway.
    """
    call = _asking(node)
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _READS | _FINDERS:
        return
    model = project_class(view.value(call.func.value, scope))
    if model is not None and is_mapper(view, model):
        yield from fields(view, model, as_is=as_is) if call.func.attr in _FINDERS else ()
    elif call.func.attr in _READS and not isinstance(view.value(call.func, scope), Bound):
        name = collection(view, call.func.value, scope)
        if call.func.attr == "aggregate":
            yield from _aggregated(view, call, scope, name)
        else:
            yield from ((name, key) for key in _projected(view, call, scope, kept(view).get(name, set())))


def _asking(node: ast.Call) -> ast.Call:
    """Return the call that asks, of those that are chained: `find(…)` of `orders.find(…).limit(9).to_list(9)`."""
    while isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call) and node.func.attr in _CHAINED:
        node = node.func.value
    return node


def is_mapper(view: View, model: Class) -> bool:
    """Tell a class of objects that a mapper keeps, and that is asked for them itself."""
    return view.evaluator.classes.inherits(model, lambda path: path.startswith(MAPPERS))


def fields(view: View, model: Class, *, as_is: bool) -> Iterator[tuple[str, str]]:
    """Yield what goes out of an object of a mapper."""
    if not as_is and not view.evaluator.classes.inherits(model, lambda path: path.startswith(_PYDANTIC)):
        return
    for one in view.evaluator.classes.lineage(model):
        for name, (annotation, value) in one.attributes.items() if isinstance(one, Class) else ():
            text = " ".join(ast.unparse(part) for part in (annotation, value) if part is not None)
            if "exclude=True" not in text and "Secret" not in text:
                yield model.name, name


def _projected(view: View, call: ast.Call, scope: Scope, keys: set[str]) -> set[str]:
    """Return which keys a query leaves in: all, those that are named, or all but those that are named."""
    named = next((one.value for one in call.keywords if one.arg in ("projection", "fields")), None)
    node = named or next(iter(call.args[1:2]), None)
    if node is None or (named is None and last_name(call.func) not in ("find", "find_one")):
        return keys
    found, where = view.constants.written(node, scope) or (node, scope)
    if not isinstance(found, ast.Dict):
        return set()
    pairs = {
        str(key.value): view.constants.of(value, where)
        for key, value in zip(found.keys, found.values, strict=True)
        if isinstance(key, ast.Constant)
    }
    wanted = {name for name, value in pairs.items() if value and name != "_id"}
    return keys & wanted if wanted else keys - set(pairs)


def _aggregated(view: View, call: ast.Call, scope: Scope, name: str) -> Iterator[tuple[str, str]]:
    """Yield what a pipeline gives that leaves nothing out: the documents, and those that it joins to them."""
    given = call.args[0] if call.args else None
    found = (view.constants.written(given, scope) or (None, scope))[0]
    listed = found.elts if isinstance(found, ast.List) else []
    stages = [(view.constants.written(one, scope) or (one, scope))[0] for one in listed]
    if not stages or any(shape in ast.unparse(one) for one in stages for shape in _SHAPES):
        return
    yield from ((name, key) for key in kept(view).get(name, set()))
    for node in (inner for one in stages for inner in ast.walk(one) if isinstance(inner, ast.Dict)):
        pairs = zip(node.keys, node.values, strict=True)
        joined = {
            str(key.value): value.value
            for key, value in pairs
            if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
        }
        other = str(joined.get("from", "")) if "as" in joined else ""
        yield from ((other, key) for key in kept(view).get(other, set()))
