"""What is offered for each cause: operations in the order in which they are tried, and the edit by hand."""

from __future__ import annotations

import datetime as dt

from fastwright.changes.add_index import AddIndex
from fastwright.changes.add_loader_option import AddLoaderOption
from fastwright.changes.operation import Operation
from fastwright.changes.pass_loader_option import PassLoaderOption
from fastwright.changes.replace_loop_reads import ReplaceLoopReads
from fastwright.measure.fixes import Surroundings, by_hand, candidates
from fastwright.measure.model import (
    Cause,
    CountPerRow,
    ExpiredReload,
    LazyLoad,
    MissingIndex,
    QueryInLoop,
    Relation,
    Site,
    UnboundedList,
)
from fastwright.project.model import Column, Index, Model

HELPER = Site(file="app/helpers.py", line=4, column=11, end_line=4, end_column=30, function="fetch")
ROUTE = Site(file="app/routes.py", line=9, column=11, end_line=9, end_column=40, function="read_orders")
DAY = dt.date(2025, 6, 1)


def column(name: str, *, primary_key: bool = False, unique: bool = False) -> Column:
    return Column(
        name=name,
        column=f"{name}_",
        type="INTEGER",
        nullable=False,
        primary_key=primary_key,
        foreign_key=None,
        index=False,
        unique=unique,
    )


ORDER = Model(
    name="Order",
    file="app/models.py",
    line=3,
    table="orders",
    columns=(column("id", primary_key=True), column("number", unique=True), column("code"), column("state")),
    relations=(),
    indexes=(Index(name="by_code", columns=("code_",), unique=True),),
)
AROUND = Surroundings((ORDER,), alembic="alembic.ini", day=DAY)


def offered(cause: Cause) -> list[Operation]:
    return list(candidates(cause, AROUND))


def test_a_lazy_load_is_tried_where_it_is_executed_then_where_it_is_passed() -> None:
    chain = (Relation(module="app.models", model="Order", attribute="lines"),)
    first, second, third = offered(LazyLoad(site=HELPER, callers=(ROUTE,), chain=chain))
    assert isinstance(first, AddLoaderOption)
    assert (first.file, first.line, first.is_passed) == ("app/helpers.py", 4, False)
    assert isinstance(second, AddLoaderOption)
    assert (second.file, second.line, second.is_passed) == ("app/routes.py", 9, True)
    assert isinstance(third, PassLoaderOption)
    assert [call.line for call in third.calls] == [9]


def test_a_read_in_a_loop_is_told_what_is_unique() -> None:
    (operation,) = offered(QueryInLoop(site=ROUTE, statement="SELECT", tables=("orders",)))
    assert isinstance(operation, ReplaceLoopReads)
    assert (operation.model, operation.primary_key, operation.unique) == ("Order", "id", ("number", "code"))


def test_a_read_of_two_tables_or_of_an_unknown_one_is_left_to_a_person() -> None:
    for tables in ((), ("orders", "customers"), ("customers",)):
        assert not offered(CountPerRow(site=ROUTE, statement="SELECT", tables=tables))


def test_an_index_is_offered_with_its_migration() -> None:
    cause = MissingIndex(
        site=ROUTE,
        table="orders",
        columns=("state_",),
        module="app.models",
        model="Order",
        attributes=("state",),
        statement="SELECT",
        plan_before="SCAN",
        plan_after="SEARCH",
    )
    assert offered(cause) == [
        AddIndex(
            file="app/models.py",
            line=3,
            model="Order",
            table="orders",
            attributes=("state",),
            columns=("state_",),
            alembic="alembic.ini",
            day=DAY,
        )
    ]
    assert by_hand(cause) == 'add `Index("ix_orders_state_", "state_")` to the table orders, and a migration for it'


def test_a_bound_on_a_list_is_never_offered_unasked() -> None:
    cause = UnboundedList(site=HELPER, callers=(ROUTE,), handler=ROUTE, model="Order", statement="SELECT")
    assert not offered(cause)
    assert "fastwright add pagination" in by_hand(cause)


def test_the_edit_by_hand_names_its_place() -> None:
    expired = ExpiredReload(site=ROUTE, model="Order", statement="SELECT")
    assert "app/routes.py:9" in by_hand(expired)
    loop = QueryInLoop(site=HELPER, loop=ROUTE, statement="SELECT", tables=("orders",))
    assert by_hand(loop).startswith("before the loop at app/routes.py:9, read all rows")
