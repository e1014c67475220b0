"""Money in binary floating point.

## What it does
Finds columns and fields that are called like an amount of money (`price`, `balance`, `total_due`) and are `float`, or
`REAL` in the SQL that makes the table, and sums and products of what `float(…)` makes of such an amount.

## Why it hurts
0.1 + 0.2 is not 0.3 in binary. Sums drift by cents, equal amounts compare as unequal, and nobody can explain the books.

## Bad
```python
from pydantic import BaseModel
from sqlalchemy import Float
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[float] = mapped_column(Float)  # <- found


class ProductIn(BaseModel):
    price: float  # <- found
```

## Good
```python
from decimal import Decimal

from pydantic import BaseModel
from sqlalchemy import Numeric
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    weight: Mapped[float]


class ProductIn(BaseModel):
    price: Decimal
```

## Known limits
What is money is told by its name. Whole cents as `int` are fine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from fastwright.project.source import last_name
from fastwright.rules._rule import Field, Found, Function, Module, Rule, View, at, core_columns
from fastwright.rules._words import words

RULE = Rule("data", "medium", ("CWE-682",))
_MONEY = frozenset(
    {"price", "amount", "cost", "fee", "salary", "wage", "balance", "revenue", "tax", "vat", "fare", "rent", "deposit"}
    | {"payment", "refund", "subtotal", "tip", "budget", "invoice", "premium", "payout", "income", "expense", "money"}
    | {"precio", "preco", "prix", "preis", "monto", "importe", "saldo", "costo", "betrag", "prezzo", "tarifa"}
    | {"profit", "profits", "earnings", "donation", "debt", "cash", "expenses", "costs", "payments", "bid", "turnover"}
    | {"valor", "gasto", "gastos", "sueldo", "salario", "ingreso", "ingresos", "lucro", "despesa", "receita", "custo"}
    | {"prices", "amounts", "fees", "usd", "eur", "gbp", "payable", "surcharge", "commission", "toll"}
)
# What makes of a sum of money something else: how many, which share, when.
_NOT_MONEY = frozenset(
    {"rate", "percent", "percentage", "ratio", "count", "factor", "weight", "id", "date", "at", "pct", "share", "index"}
    | {"point", "function", "board", "sheet", "water", "energy", "heat", "white", "nutrient"}
    | {"hours", "days", "minutes", "seconds", "ml", "grams", "kg", "liters", "litres", "score", "multiplier", "level"}
)
_PAIRS = (
    ("total", "paid"),
    ("total", "due"),
    ("total", "value"),
    ("total", "spent"),
    ("order", "total"),
    ("grand", "total"),
)
_FLOAT = re.compile(r"\b(?:\w*[Ff]loat(?:Field)?|REAL|Double|DOUBLE|DOUBLE_PRECISION)\b")
# How functions begin that change something, whatever their method is.
_CHANGING = frozenset({"add", "set", "update", "change", "create", "save", "pay", "transfer", "deposit", "withdraw"})
_TOLD = "`{}` is money, and a float cannot hold it exactly"
_LOST = "`{}` is money, and is reckoned with as a float"

_SQL_FLOATS = frozenset({"real", "float", "double", "float4", "float8", "binary_float", "binary_double"})


def find(view: View) -> Iterator[Found]:
    for module in view.naming("float", "Float", "REAL", "Double", "DOUBLE", *_aliases(view)):
        for name, column in core_columns(module):
            if _is_money(name) and any(_FLOAT.search(_text(one)) for one in column.args):
                yield at(module, column, _TOLD.format(name))
        for owner in module.classes:
            known = view.fields.of(owner)
            for name, (annotation, value) in owner.attributes.items():
                field = known.get(name) or Field(name, owner, annotation, value, owner.lines[name])
                # `per_hour` of a class `Price`
                whole = f"{owner.name}_{name}" if name.startswith("per_") else name
                if field.owner is owner and _is_money(whole) and _is_float(field):
                    yield at(module, field.line, _TOLD.format(name))
        for where in (module, *module.functions):
            yield from _reckoned(where)
    yield from _in_text(view)
    yield from _sent(view)


def _aliases(view: View) -> list[str]:
    """Return what a float is also called: `PositiveAmount = Annotated[float, Field(gt=0)]`."""
    return [
        name
        for module in view.naming("float", "Float")
        for name, values in module.values.items()
        if any(isinstance(one, ast.Subscript) and _FLOAT.search(ast.unparse(one)) for one in values)
    ]


def _reckoned(where: Module | Function) -> Iterator[Found]:
    """Yield what is kept exactly and made a float to reckon with: `float(room.price) * nights`."""
    for site in where.facts.calls:
        if site.name == "sum":
            inner = [getattr(one, "elt", one) for one in site.node.args[:1]]
            yield from (at(where, one, _LOST.format(name)) for one in inner if (name := _made_float(one)))
    nodes = [*where.facts.nodes.get(ast.BinOp, ()), *where.facts.nodes.get(ast.AugAssign, ())]
    for node in nodes:
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            parts = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
            yield from (at(where, one, _LOST.format(name)) for one in parts if (name := _made_float(one)))


def _made_float(node: ast.expr) -> str:
    """Return what money is called that is a float from here on."""
    is_cast = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    given = node.args[0] if isinstance(node, ast.Call) and is_cast and node.args else None
    given = given.slice if isinstance(given, ast.Subscript) else given
    name = str(given.value) if isinstance(given, ast.Constant) else last_name(given) if given is not None else ""
    return name if _is_money(name) and name != "total" else ""


def _in_text(view: View) -> Iterator[Found]:
    """Yield the columns of `CREATE TABLE`."""
    for one in view.written_tables:
        for column in one.table.columns:
            if column.type in _SQL_FLOATS and _is_money(column.name):
                yield at(one.module, one.line(column), _TOLD.format(column.name))


def _sent(view: View) -> Iterator[Found]:
    """Yield parameters of endpoints that take money as a field of a form or of the body."""
    for route in view.routes:
        for one in view.parameters.own(route, route.function) if route.function is not None else ():
            # In the query of what is only read it is a bound of a search.
            is_read = route.method == "GET" and not _CHANGING & set(words(one.function.name)[:1])
            sources = ("form", "body") if is_read else ("form", "body", "query")
            written = ast.unparse(one.type) if one.type is not None and one.source in sources else ""
            if _is_money(one.name) and _FLOAT.search(written):
                yield at(one.function, one.node, _TOLD.format(one.name), route=route)


def _is_money(name: str) -> bool:
    parts = words(name)
    parts = parts[: parts.index("per")] if "per" in parts else parts
    if set(parts) & _NOT_MONEY:
        return False
    pairs = tuple(pairwise(parts))
    return bool(set(parts) & _MONEY) or any(pair in pairs for pair in _PAIRS) or parts == ("total",)


def _is_float(field: Field) -> bool:
    if _FLOAT.search(field.written_type):
        return True
    if field.annotation is None and isinstance(field.value, ast.Call) and _FLOAT.search(last_name(field.value.func)):
        return True
    types = field.call.args if field.call else ()
    return any(_FLOAT.search(_text(one)) for one in types)


def _text(node: object) -> str:
    return str(getattr(node, "id", "") or getattr(node, "attr", "") or getattr(getattr(node, "func", None), "id", ""))
