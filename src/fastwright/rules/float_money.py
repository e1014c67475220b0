"""Money in binary floating point.

## What it does
Finds columns and fields that are called like an amount of money (`price`, `balance`, `total_due`) and are `float`, or
`REAL` in the SQL that makes the table.

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

from fastwright.rules._rule import Field, Found, Rule, View, at, core_columns
from fastwright.rules._words import words

RULE = Rule("data", "medium", ("CWE-682",))
_MONEY = frozenset(
    {"price", "amount", "cost", "fee", "salary", "wage", "balance", "revenue", "tax", "vat", "fare", "rent", "deposit"}
    | {"payment", "refund", "subtotal", "tip", "budget", "invoice", "premium", "payout", "income", "expense", "money"}
    | {"precio", "preco", "prix", "preis", "monto", "importe", "saldo", "costo", "betrag", "prezzo", "tarifa"}
    | {"prices", "amounts", "fees", "usd", "eur", "gbp", "payable", "surcharge", "commission", "toll"}
)
# What makes of a sum of money something else: how many, which share, when.
_NOT_MONEY = frozenset(
    {"rate", "percent", "percentage", "ratio", "count", "factor", "weight", "id", "date", "at", "pct", "share", "index"}
    | {"point", "function", "board", "sheet", "water", "energy", "heat", "white", "nutrient"}
    | {"hours", "days", "minutes", "seconds", "ml", "grams", "kg", "liters", "litres", "score", "multiplier", "level"}
)
_PAIRS = (("total", "paid"), ("total", "due"), ("order", "total"), ("grand", "total"), ("total", "value"))
_FLOAT = re.compile(r"\b(float|Float|REAL|Double|DOUBLE|DOUBLE_PRECISION)\b")

_SQL_FLOATS = frozenset({"real", "float", "double", "float4", "float8", "binary_float", "binary_double"})


def find(view: View) -> Iterator[Found]:
    for module in view.naming("float", "Float", "REAL", "Double", "DOUBLE"):
        for name, column in core_columns(module):
            if _is_money(name) and any(_FLOAT.search(_text(one)) for one in column.args):
                yield at(module, column, f"`{name}` is money, and a float cannot hold it exactly")
        for owner in module.classes:
            if view.fields.is_model(owner) or view.fields.is_schema(owner):
                for field in view.fields.of(owner).values():
                    if field.owner is owner and _is_money(field.name) and _is_float(field):
                        yield at(module, field.line, f"`{field.name}` is money, and a float cannot hold it exactly")
    yield from _in_text(view)
    yield from _sent(view)


def _in_text(view: View) -> Iterator[Found]:
    """Yield the columns of `CREATE TABLE`."""
    for one in view.written_tables:
        for column in one.table.columns:
            if column.type in _SQL_FLOATS and _is_money(column.name):
                message = f"`{column.name}` is money, and a float cannot hold it exactly"
                yield at(one.module, one.line(column), message)


def _sent(view: View) -> Iterator[Found]:
    """Yield parameters of endpoints that take money as a field of a form or of the body."""
    for route in view.routes:
        for one in view.parameters.own(route, route.function) if route.function is not None else ():
            written = ast.unparse(one.type) if one.type is not None and one.source in ("form", "body") else ""
            if _is_money(one.name) and _FLOAT.search(written):
                message = f"`{one.name}` is money, and a float cannot hold it exactly"
                yield at(one.function, one.node, message, route=route)


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
    types = field.call.args if field.call else ()
    return any(_FLOAT.search(_text(one)) for one in types)


def _text(node: object) -> str:
    return str(getattr(node, "id", "") or getattr(node, "attr", "") or getattr(getattr(node, "func", None), "id", ""))
