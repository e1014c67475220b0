"""Edits of what is read, several in one change: none moves another, and imports are settled once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastwright.changes import Applied, Change, Refused
from fastwright.changes.add_index import AddIndex
from fastwright.changes.add_loader_option import AddLoaderOption
from fastwright.changes.editing.frames import Frame
from fastwright.changes.loads import Load
from fastwright.changes.operation import Operation
from fastwright.changes.pass_loader_option import PassLoaderOption
from fastwright.changes.replace_loop_reads import ReplaceLoopReads

SHOP = '''"""Orders."""

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    notes: Mapped[list["Note"]] = relationship()


def customers(db: Session):
    return db.scalars(select(Customer)).all()


def größen(db: Session):
    return {"größe": db.query(Customer).all(), "mehr": db.query(Order).first()}


def with_customers(db: Session):
    found = db.scalars(select(Order)).all()
    return [(order, db.get(Customer, order.customer_id)) for order in found]
'''


def place(source: str, snippet: str, function: str) -> dict[str, Any]:
    """Return where a piece of code is, as the interpreter would tell it."""
    before, _found, _after = source.partition(snippet)
    line = before.count("\n") + 1
    column = len(before.rpartition("\n")[2].encode())
    end = column + len(snippet.encode())
    return {"line": line, "column": column, "end_line": line, "end_column": end, "function": function}


def load(model: str, attribute: str) -> Load:
    return Load(module="shop", model=model, attribute=attribute)


def apply(root: Path, *operations: Operation) -> list[str]:
    outcomes = Change(summary="all of them", operations=operations).attempt(root)
    return [outcome.reason if isinstance(outcome, Refused) else outcome.result for outcome in outcomes]


def test_edits_in_one_file_are_made_in_one_pass(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(SHOP, encoding="utf-8")
    of_customers = place(SHOP, "db.scalars(select(Customer))", "customers")
    outcomes = apply(
        tmp_path,
        AddLoaderOption(file="shop.py", **of_customers, path=(load("Customer", "orders"),)),
        AddLoaderOption(file="shop.py", **of_customers, path=(load("Customer", "orders"), load("Order", "notes"))),
        AddLoaderOption(
            file="shop.py",
            **place(SHOP, "db.query(Customer).all()", "größen"),
            path=(load("Customer", "orders"),),
        ),
        AddLoaderOption(
            file="shop.py",
            **place(SHOP, "db.query(Order).first()", "größen"),
            path=(load("Order", "notes"),),
        ),
        ReplaceLoopReads(
            file="shop.py",
            **place(SHOP, "db.get(Customer, order.customer_id)", "with_customers.<locals>.<listcomp>"),
            model="Customer",
            primary_key="id",
        ),
        AddIndex(file="shop.py", model="Order", table="orders", attributes=("customer_id",), columns=("customer_id",)),
    )
    assert outcomes == ["applied"] * 6
    text = file.read_text(encoding="utf-8")
    compile(text, "shop.py", "exec")
    assert text.count("selectinload,\n") == 1
    assert 'ForeignKey("customers.id"), index=True)' in text
    assert "select(Customer).options(selectinload(Customer.orders).selectinload(Order.notes))" in "".join(text.split())
    assert "db.query(Customer).options(selectinload(Customer.orders)).all()" in text
    assert "db.query(Order).options(selectinload(Order.notes)).first()" in text
    assert "(order, customers_by_id.get(order.customer_id)) for order in found" in text


GENERIC = """def fetch(db, model):
    return db.query(model).all()


def customers(db):
    return fetch(db, Customer)


def orders(db):
    return fetch(db, Order)
"""


def passed(function: str, model: str, attribute: str) -> PassLoaderOption:
    call = place(GENERIC, f"fetch(db, {model})", function)
    inner = place(GENERIC, "db.query(model).all()", "fetch")
    calls = (Frame(file="all.py", **call),)
    return PassLoaderOption(file="all.py", **inner, calls=calls, path=(load(model, attribute),))


def test_two_callers_of_one_helper_each_pass_their_own_options(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    file = tmp_path / "all.py"
    file.write_text(f"from shop import Customer, Order\n\n\n{GENERIC}", encoding="utf-8")
    both = (passed("customers", "Customer", "orders"), passed("orders", "Order", "notes"))
    moved = tuple(shifted(operation, 3) for operation in both)
    assert apply(tmp_path, *moved) == ["applied", "applied"]
    assert file.read_text(encoding="utf-8") == (
        "from sqlalchemy.orm import selectinload\n\nfrom shop import Customer, Order\n\n\n"
        + GENERIC.replace("fetch(db, model)", "fetch(db, model, options=())")
        .replace(".all()", ".options(*options).all()")
        .replace("fetch(db, Customer)", "fetch(db, Customer, options=[selectinload(Customer.orders)])")
        .replace("fetch(db, Order)", "fetch(db, Order, options=[selectinload(Order.notes)])")
    )


def shifted(operation: PassLoaderOption, lines: int) -> PassLoaderOption:
    def down(one: PassLoaderOption | Frame) -> dict[str, int]:
        return {"line": one.line + lines, "end_line": one.end_line + lines}

    calls = tuple(call.model_copy(update=down(call)) for call in operation.calls)
    return operation.model_copy(update={**down(operation), "calls": calls})


FIRST = """from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    pass


def downgrade():
    pass
"""


TWICE = """from app.models import Order, User


def orders(db, found: list[Order]):
    out = []
    for order in found:
        creator = db.get(User, order.creator_id)
        owner = db.get(User, order.owner_id)
        again = db.get(User, order.creator_id, )
        out.append((creator, owner, again))
    return out
"""


def test_two_reads_of_one_model_in_a_loop_have_a_dictionary_each(tmp_path: Path) -> None:
    (tmp_path / "all.py").write_text(TWICE, encoding="utf-8")
    snippets = ("db.get(User, order.creator_id)", "db.get(User, order.owner_id)", "db.get(User, order.creator_id, )")
    reads = [
        ReplaceLoopReads(file="all.py", **place(TWICE, snippet, "orders"), model="User", primary_key="id")
        for snippet in snippets
    ]
    assert apply(tmp_path, *reads) == ["applied"] * 3
    text = (tmp_path / "all.py").read_text(encoding="utf-8")
    assert text.count("list({order.creator_id for order in found})") == 1
    assert text.count("list({order.owner_id for order in found})") == 1
    assert text.count(".in_(order_creator_ids[start : start + 500])") == 1
    assert "creator = users_by_id.get(order.creator_id)" in text
    assert "owner = users_by_id_2.get(order.owner_id)" in text
    assert "again = users_by_id.get(order.creator_id)" in text


TWO_LOOPS = """from app.models import User


def both(db, old: list[Order], new: list[Order]):
    return [db.get(User, one.user_id) for one in old], [db.get(User, one.user_id ) for one in new]
"""


def test_loops_in_one_line_do_not_take_each_others_rows(tmp_path: Path) -> None:
    (tmp_path / "all.py").write_text(TWO_LOOPS, encoding="utf-8")
    reads = [
        ReplaceLoopReads(file="all.py", **place(TWO_LOOPS, snippet, "both"), model="User", primary_key="id")
        for snippet in ("db.get(User, one.user_id)", "db.get(User, one.user_id )")
    ]
    assert apply(tmp_path, *reads) == ["applied"] * 2
    text = "".join((tmp_path / "all.py").read_text(encoding="utf-8").split())
    assert "[users_by_id.get(one.user_id)foroneinold]" in text
    assert "[users_by_id_2.get(one.user_id)foroneinnew]" in text


def test_a_new_revision_follows_the_one_that_the_same_change_adds(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    versions = tmp_path / "migrations/versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n", encoding="utf-8")
    (versions / "0001_first.py").write_text(FIRST, encoding="utf-8")
    one = AddIndex(
        file="shop.py",
        model="Order",
        table="orders",
        alembic="alembic.ini",
        attributes=("customer_id",),
        columns=("customer_id",),
    )
    two = one.model_copy(update={"attributes": ("customer_id", "id"), "columns": ("customer_id", "id")})
    assert apply(tmp_path, one, two) == ["applied", "applied"]
    written = sorted(path.name for path in versions.iterdir())
    assert written == [
        "0001_first.py",
        "0002_index_orders_by_customer_id.py",
        "0003_index_orders_by_customer_id_and_id.py",
    ]
    assert 'down_revision = "0002"' in (versions / written[2]).read_text(encoding="utf-8")


def test_what_is_refused_keeps_all_others_from_being_written(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(SHOP, encoding="utf-8")
    good = AddLoaderOption(
        file="shop.py",
        **place(SHOP, "db.scalars(select(Customer))", "customers"),
        path=(load("Customer", "orders"),),
    )
    bad = good.model_copy(update={"path": (load("Order", "notes"),)})
    outcomes = Change(summary="one is wrong", operations=(good, bad)).attempt(tmp_path)
    assert isinstance(outcomes[0], Applied)
    assert isinstance(outcomes[1], Refused)
    assert file.read_text(encoding="utf-8") == SHOP
