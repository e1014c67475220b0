"""The fields of models and schemas, with those that they inherit, and what kind of class each is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from fastwright.project.source import called, last_name
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Module
from fastwright.rules._engine.values import Instance, Value

_COLUMNS = frozenset({"Column", "mapped_column", "Field", "column_property"})
_RELATIONS = frozenset({"relationship", "Relationship"})
_DECLARATIVE = frozenset(
    {"declarative_base", "DeclarativeBase", "DeclarativeBaseNoMeta", "MappedAsDataclass", "AsyncAttrs", "Model"}
    | {"UUIDBase", "UUIDAuditBase", "BigIntBase", "BigIntAuditBase", "SQLAlchemyBaseUserTable"}
    | {"SQLAlchemyBaseUserTableUUID", "registry", "automap_base"}
)


@dataclass(frozen=True, eq=False)
class Field:
    """A field of a model or schema: where it is written, its annotation, and what it is set to there."""

    name: str
    owner: Class
    annotation: ast.expr | None
    value: ast.expr | None
    line: int
    # What an alias in the annotation stands for: `PersonKey = Annotated[int, mapped_column(ForeignKey(…))]`.
    meant: tuple[ast.expr, ...] = ()

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """All calls that say what it is: its own, a `Column` in a `Field`, and those inside of `Annotated`."""
        found = [self.value] if isinstance(self.value, ast.Call) else []
        found += [one.value for one in (found[0].keywords if found else ()) if isinstance(one.value, ast.Call)]
        annotations = (self.annotation, *self.meant) if self.annotation is not None else ()
        inner = (node for one in annotations for node in ast.walk(one))
        found += [node for node in inner if isinstance(node, ast.Call)]
        return tuple(one for one in found if last_name(one.func) in _COLUMNS)

    @cached_property
    def call(self) -> ast.Call | None:
        """The `Field(…)`, `Column(…)` or `mapped_column(…)` that makes it, also inside `Annotated`."""
        if isinstance(self.value, ast.Call):
            return self.value
        if self.annotation is None:
            return None
        calls = (node for node in ast.walk(self.annotation) if isinstance(node, ast.Call))
        return next(calls, None)

    def option(self, name: str) -> ast.expr | None:
        """Return a keyword argument of the calls that make it."""
        calls = (*((self.call,) if self.call else ()), *self.calls)
        return next((one.value for call in calls for one in call.keywords if one.arg == name), None)

    @cached_property
    def written_type(self) -> str:
        """The annotation as text, or the type that a column is given."""
        if self.annotation is not None:
            return " ".join(map(ast.unparse, (self.annotation, *self.meant)))
        if self.call is not None:
            return next((ast.unparse(one) for one in self.call.args if not isinstance(one, ast.Constant)), "")
        return ""


class Fields:
    """Reads classes for an evaluator, and remembers what it read."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._fields: dict[int, dict[str, Field]] = {}
        self._models: dict[int, bool] = {}
        self._relations: frozenset[str] | None = None

    def of(self, owner: Class) -> dict[str, Field]:
        """Return the fields of a class by name, with those of its bases, except those that are no data."""
        known = self._fields.get(id(owner))
        if known is None:
            known = dict[str, Field]()
            for one in reversed([one for one in self._evaluator.classes.lineage(owner) if isinstance(one, Class)]):
                for name in [name for name in known if _is_of_class(one, name)]:
                    del known[name]
                known |= {field.name: replace(field, meant=self._meant(field)) for field in _own_fields(one)}
            self._fields[id(owner)] = known
        return known

    def _meant(self, field: Field) -> tuple[ast.expr, ...]:
        """Return what the aliases in an annotation stand for, where they say more than a name."""
        scope = self._evaluator.scope(field.owner.module)
        names = scope.module.values.keys() | scope.module.imports.keys()
        found: list[ast.expr] = []
        for node in ast.walk(field.annotation) if field.annotation is not None else ():
            if isinstance(node, ast.Name) and node.id in names:
                alias, _where = self._evaluator.types.alias(node, scope)
                found += [alias] if isinstance(alias, ast.Subscript) else []
        return tuple(found)

    def is_model(self, value: Value | None) -> bool:
        """Tell a class that is mapped to a table."""
        owner = value.of if isinstance(value, Instance) else value
        if not isinstance(owner, Class):
            return False
        known = self._models.get(id(owner))
        if known is None:
            known = _is_table(owner) or self._inherits_table(owner)
            if not self._evaluator.is_busy:
                self._models[id(owner)] = known
        return known

    def is_schema(self, value: Value | None) -> bool:
        """Tell a Pydantic model (a SQLModel without a table is one)."""
        owner = value.of if isinstance(value, Instance) else value
        return (
            isinstance(owner, Class)
            and self._evaluator.classes.inherits(owner, _is_pydantic)
            and not self.is_model(owner)
        )

    def columns(self, model: Class) -> dict[str, Field]:
        """Return the columns of a model."""
        return {name: field for name, field in self.of(model).items() if not is_relation(field)}

    def relations(self, model: Class) -> dict[str, Field]:
        return {name: field for name, field in self.of(model).items() if is_relation(field)}

    def relation_names(self, modules: Iterable[Module]) -> frozenset[str]:
        """Return what the relations of all models are called."""
        if self._relations is None:
            fields = (one for module in modules for owner in module.classes for one in _own_fields(owner))
            self._relations = frozenset(one.name for one in fields if is_relation(one))
        return self._relations

    def _inherits_table(self, owner: Class) -> bool:
        inherited = [one for one in self._evaluator.classes.lineage(owner) if isinstance(one, Class)][1:]
        if not any(_is_table(one) for one in inherited):
            return False
        return not self._evaluator.classes.inherits(owner, _is_pydantic)


def core_columns(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the columns of the tables that have no class: `Table("payouts", metadata, Column("amount", Float))`."""
    for site in module.facts.calls:
        for one in site.node.args if site.name == "Table" else ():
            if isinstance(one, ast.Call) and last_name(one.func) == "Column" and one.args:
                first = one.args[0]
                yield (str(first.value) if isinstance(first, ast.Constant) else ""), one


def is_relation(field: Field) -> bool:
    return isinstance(field.value, ast.Call) and last_name(field.value.func) in _RELATIONS


def _is_table(owner: Class) -> bool:
    if any(one.arg == "table" and getattr(one.value, "value", False) is True for one in owner.node.keywords):
        return True
    has_columns = any(
        (isinstance(value, ast.Call) and last_name(value.func) in ("Column", "mapped_column"))
        or (isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Mapped")
        for annotation, value in owner.attributes.values()
    )
    declares = any("declared_attr" in one.decorators and _makes_column(one) for one in owner.methods.values())
    return "__tablename__" in owner.attributes or ((has_columns or declares) and "__abstract__" not in owner.attributes)


def _makes_column(method: Function) -> bool:
    return any(called(one) in ("Column", "mapped_column") for one in method.returned)


def _is_pydantic(path: str) -> bool:
    return path.partition(".")[0] in ("pydantic", "sqlmodel", "pydantic_settings") and path.rpartition(".")[2] in (
        "BaseModel",
        "SQLModel",
        "RootModel",
        "GenericModel",
    )


def _is_of_class(owner: Class, name: str) -> bool:
    """Tell what is said to be no field, which also takes one away that a base has."""
    annotation, _value = owner.attributes.get(name, (None, None))
    inner = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return inner is not None and last_name(inner) == "ClassVar"


def _own_fields(owner: Class) -> Iterator[Field]:
    for name, (annotation, value) in owner.attributes.items():
        if name.startswith("__") or name in ("model_config", "Config"):
            continue
        if annotation is None and not (isinstance(value, ast.Call) and last_name(value.func) in _COLUMNS | _RELATIONS):
            continue
        if _is_of_class(owner, name):
            continue
        yield Field(name, owner, annotation, value, owner.lines[name])
    for name, method in owner.methods.items():
        made = next(iter(method.returned), None)
        if "declared_attr" in method.decorators and made is not None:
            yield Field(name, owner, method.node.returns, made, made.lineno)
