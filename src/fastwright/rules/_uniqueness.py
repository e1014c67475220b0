"""Where callers fill columns whose values have to be unique: in statements, in text and built, and in rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._belonging import by_table
from fastwright.rules._engine.changed import changed_keys, written_keys
from fastwright.rules._engine.sql import HOLE, Sql
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._rule import Called, Class, Field, Scope, Step, View, project_class

_CHANGES = ("insert", "update")
_DUMPS = frozenset({"model_dump", "dict", "jsonable_encoder"})


def sent_table(view: View, call: Called) -> Iterator[str]:
    """Yield the table of a statement that writes a caller's value where values have to be unique."""
    given = [one for argument in call.node.args[1:] for one in _values(argument)]
    for sql in view.statements.sql(call.node, call.scope):
        model = by_table(view).get(sql.table)
        unique = view.tables.unique(sql.table) or (unique_columns(view, model) if model is not None else set[str]())
        is_written = sql.verb in ("insert", "update") and not sql.upserts and unique
        if is_written and _is_set(view, call, sql, given, unique):
            yield sql.table
    if not view.statements.on_session(call):
        return
    steps = view.statements.steps(sql_argument(call.node), call.scope)
    for table in view.statements.core_tables(sql_argument(call.node), call.scope):
        changes = any(one.name in ("insert", "update") for one in steps)
        if changes and _is_valued(view, call, steps, view.tables.unique(table)):
            yield table
    for step in steps:
        model = view.value(step.node.args[0], step.scope) if step.name in _CHANGES and step.node.args else None
        if not isinstance(model, Class) or not view.fields.is_model(model):
            continue
        if _is_valued(view, call, steps, unique_columns(view, model)):
            yield model.name


def _is_set(view: View, call: Called, sql: Sql, given: list[tuple[str, ast.expr]], unique: set[str]) -> bool:
    """Tell whether a unique column is set to what a caller sent: by its name, or by its place among the values."""
    given += [one for keyword in call.node.keywords for one in _values(keyword.value)]
    if not sql.columns and sql.verb == "update":
        return any(_has(view, one, unique, where) for one, where in call.scope.bound.values())
    if not sql.columns:
        return any(is_of_caller(view, value, call.scope) for _name, value in given)
    named = {name: value for name, value in given if name}
    place = 0
    for name, written in sql.columns:
        holes = written.count(HOLE)
        if name in unique and holes:
            value = named.get(name) or (given[place][1] if place < len(given) else None)
            if value is None or is_of_caller(view, value, call.scope):
                return True
        place += holes
    return False


def _values(node: ast.expr) -> list[tuple[str, ast.expr]]:
    """Return the values that a statement is given, with their names where they have some."""
    if isinstance(node, ast.Tuple | ast.List):
        return [("", one) for one in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(str(key.value) if isinstance(key, ast.Constant) else "", value) for key, value in pairs]
    return [("", node)]


def _is_valued(view: View, call: Called, steps: list[Step], unique: set[str]) -> bool:
    """Tell `.values(email=body.email)`, `.values(**body.model_dump())` and rows that are sent beside a statement."""
    keywords = [(one, step.scope) for step in steps if step.name == "values" for one in step.node.keywords]
    given = [(one, step.scope) for step in steps if step.name == "values" for one in step.node.args]
    beside = (*call.node.args[1:], *(one.value for one in call.node.keywords if one.arg in ("values", "params")))
    given += [(one, call.scope) for rows in beside for one in (rows.elts if isinstance(rows, ast.List) else [rows])]
    return bool(unique) and (
        any(is_given(view, one, unique, scope) for one, scope in keywords)
        or any(is_of_caller(view, one, scope) and _may_have(view, one, unique, scope) for one, scope in given)
    )


def is_given(view: View, one: ast.keyword, unique: set[str], scope: Scope) -> bool:
    """Tell a unique column that a caller fills, by its name or with all of a schema that has it."""
    if one.arg is not None:
        return one.arg in unique and is_of_caller(view, one.value, scope)
    return _may_have(view, one.value, unique, scope)


def _may_have(view: View, node: ast.expr, unique: set[str], scope: Scope) -> bool:
    """Tell whether what is given as a whole has a unique column; a schema and a dictionary say what they have."""
    given, scope = view.statements.texts.given(node, scope)
    set_later = changed_keys(scope.function, given.id) if scope.function and isinstance(given, ast.Name) else set[str]()
    node, scope = view.constants.written(given, scope) or (node, scope)
    node = node.values[0] if isinstance(node, ast.BoolOp) else node
    if isinstance(node, ast.Dict):
        inner = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        keys = written_keys(node) | set_later
        return bool(unique & keys) or any(_may_have(view, one, unique - keys, scope) for one in inner)
    if isinstance(node, ast.Call) and last_name(node.func) in _DUMPS:
        return _schema(view, node, scope) is None or _has(view, node, unique, scope)
    return isinstance(node, ast.Name)


def _has(view: View, node: ast.expr, unique: set[str], scope: Scope) -> bool:
    schema = _schema(view, node, scope)
    return schema is not None and bool(unique & view.fields.of(schema).keys())


def _schema(view: View, node: ast.expr, scope: Scope) -> Class | None:
    """Return the schema of `body.model_dump()`."""
    dumped = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    schema = project_class(view.value(dumped, scope)) if dumped is not None else None
    return schema if schema is not None and view.fields.is_schema(schema) else None


def unique_columns(view: View, model: Class) -> set[str]:
    """Return the columns that are unique, alone or together with others."""
    scope = view.scope(model.module)
    columns = view.fields.columns(model)
    found = {name for name, field in columns.items() if view.constants.of(field.option("unique"), scope) is True}
    found |= {name for name, field in columns.items() if "'unique': True" in _options(field)}
    _annotation, arguments = model.attributes.get("__table_args__", (None, None))
    for node in ast.walk(arguments) if arguments is not None else ():
        if isinstance(node, ast.Call) and last_name(node.func) == "UniqueConstraint":
            found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
        if isinstance(node, ast.Call) and last_name(node.func) == "Index":
            is_unique = any(one.arg == "unique" and getattr(one.value, "value", False) for one in node.keywords)
            found |= {str(one.value) for one in node.args[1:] if is_unique and isinstance(one, ast.Constant)}
    return found


def _options(field: Field) -> str:
    """Return what SQLModel hands on to a column: `sa_column_kwargs={"unique": True}`."""
    given = field.option("sa_column_kwargs")
    return ast.unparse(given) if given is not None else ""


def primary_columns(view: View, model: Class) -> set[str]:
    """Return the columns of the primary key."""
    scope = view.scope(model.module)
    columns = view.fields.columns(model).items()
    return {name for name, field in columns if view.constants.of(field.option("primary_key"), scope) is True}


def is_of_caller(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell what a caller sent, or what is made of it: `body.email.lower()`."""
    parts = [node]
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
        parts.append(node)
    origins = (one for part in parts for one in view.origins.of(part, scope))
    return any(root.kind == "parameter" for one in origins for root in one.roots)
