"""Whether what runs for an endpoint looks at whose a row is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import called
from fastwright.rules._accounts import names_in, owner_columns
from fastwright.rules._callers import is_caller, user_models
from fastwright.rules._rule import Bound, Class, Instance, Reached, Route, Scope, View, project_class

# Where everything belongs to an organisation, its people see each other's rows.
_TENANTS = frozenset(
    {"organization_id", "organisation_id", "org_id", "tenant_id", "company_id", "workspace_id", "team_id"}
)


def is_scoped(view: View, route: Route, model: Class, owners: set[str]) -> bool:
    """Tell whether anything that runs for the endpoint looks at whose the row is."""
    relations = {name.removesuffix("_id") for name in owners} & set(view.fields.of(model))
    wanted = owners | relations | _TENANTS & set(view.fields.columns(model))
    for reached in view.reached(route):
        function = reached.function
        compared = any(
            wanted.intersection(attributes(node) - _of_others(view, node, reached.scope, model))
            or (reached.root == "endpoint" and _is_of_caller(view, route, node, reached.scope))
            for node in function.nodes(ast.Compare)
        )
        if compared or wanted.intersection(_filters(view, reached)):
            return True
        for node in function.nodes(ast.Attribute):
            if _is_through_caller(view, route, node, reached.scope, model):
                return True
    return is_checked_by_call(view, route)


def _of_others(view: View, node: ast.Compare, scope: Scope, model: Class) -> set[str]:
    """Return the attributes of a comparison that are known to be of another model, and not of this one, too."""
    read = [one for one in ast.walk(node) if isinstance(one, ast.Attribute)]
    found: dict[str, bool] = {}
    for one in read:
        owner = project_class(view.value(one.value, scope))
        is_other = owner is not None and owner is not model and view.fields.is_model(owner)
        found[one.attr] = found.get(one.attr, True) and is_other and not _is_kin(view, owner, model)
    return {name for name, is_other in found.items() if is_other}


def _is_kin(view: View, one: Class | None, other: Class) -> bool:
    """Tell whether one of two classes inherits from the other."""
    lineage = view.evaluator.classes.lineage
    return one is not None and (one in lineage(other) or other in lineage(one))


def _is_of_caller(view: View, route: Route, node: ast.Compare, scope: Scope) -> bool:
    """Tell `Listing.seller_id == user.id`: the row is the caller's by way of another one that is joined."""
    sides = (node.left, *node.comparators)
    users = user_models(view, route)
    columns = [side for side in sides if isinstance(side, ast.Attribute) and _is_owners(view, side, scope, users)]
    others = [side for side in sides if side not in columns]
    return bool(columns) and any(
        is_caller(view, route, origin) for side in others for origin in view.origins.of(side, scope)
    )


def _is_owners(view: View, side: ast.Attribute, scope: Scope, users: list[Class]) -> bool:
    """Tell a column in a query that says whose a row is; that of a token says who is calling."""
    model = view.value(side.value, scope)
    return isinstance(model, Class) and side.attr in owner_columns(view, model, users)


def attributes(node: ast.Compare) -> set[str]:
    """Return the attributes and keys that a comparison looks at; `owner` alone is a variable, and says nothing."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    inner = list(ast.walk(node))
    attributes = {one.attr for one in inner if isinstance(one, ast.Attribute)}
    read = [one.args[1] for one in inner if called(one) == "getattr" and isinstance(one, ast.Call) and one.args[1:]]
    texts = {str(one.value) for one in read if isinstance(one, ast.Constant)}
    return attributes | texts | (set(names_in(node)) - names)


def _filters(view: View, reached: Reached) -> Iterator[str]:
    """Yield the arguments of `filter_by(…)`, also of `**filters`; those of a model compare nothing."""
    if any(site.name == "filter_by" for site in reached.function.calls):
        for call in (one for one in view.calls_within(reached) if one.name == "filter_by"):
            yield from (name for name, _value, _scope in view.keywords(call))


def _is_through_caller(view: View, route: Route, node: ast.Attribute, scope: Scope, model: Class) -> bool:
    """Tell `user.orders`: the rows are those of the caller to begin with."""
    owner = view.value(node.value, scope)
    if not isinstance(owner, Instance) or not isinstance(owner.of, Class) or owner.of not in user_models(view, route):
        return False
    field = view.fields.relations(owner.of).get(node.attr)
    return field is not None and model.name in (field.written_type + ast.unparse(field.value or ast.Constant("")))


def is_checked_by_call(view: View, route: Route) -> bool:
    """Tell whether the row and the caller are handed to something that cannot be followed: a policy of a library.

    A guard that asks for a permission, by a function of the app, is given no row; an exception decides nothing.
    """
    calls = (one for one in view.calls(route) if one.within.root == "endpoint" or not isinstance(one.value, Bound))
    named = (one for one in calls if not isinstance(one.value, Class) and "nauthori" not in one.name)
    return any("permi" in call.name or "authori" in call.name or "polic" in call.path for call in named)
