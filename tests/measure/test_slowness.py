"""What is slow though nothing grows, and what grows where an endpoint writes, as `fastwright optimize` tells it."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.measure import corpus

DOOR = Path(__file__).resolve().parents[1] / "doors" / "fake_door.py"
APP = """
import hashlib
from pathlib import Path

import httpx
import requests
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine(f"sqlite:///{Path(__file__).parent}/app.db")
app = FastAPI()
RATES = "https://rates.example.com/latest"
client = httpx.AsyncClient()


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    street: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str]
    remark: Mapped[str]
    history: Mapped[str]
    orders: Mapped[list["Order"]] = relationship()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    paid: Mapped[bool]


class CustomerName(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str


class NewOrder(BaseModel):
    customer_id: int


def open_session():
    with Session(engine) as session:
        yield session


def customers():
    return select(Customer).order_by(Customer.id).limit(1000)


@app.get("/names")
def names(session: Session = Depends(open_session)) -> list[CustomerName]:
    return session.scalars(customers()).all()  # whole rows


@app.get("/entire")
def entire(session: Session = Depends(open_session)):
    columns = Customer.__table__.columns.keys()
    return [{name: getattr(one, name) for name in columns} for one in session.scalars(customers())]


@app.get("/columns")
def columns(session: Session = Depends(open_session)):
    rows = session.execute(select(Customer.id, Customer.name).limit(1000))
    return [{"id": one.id, "name": one.name} for one in rows]


@app.post("/orders", status_code=201)
def create_order(new: NewOrder, session: Session = Depends(open_session)):
    session.add(Order(customer_id=new.customer_id, paid=False))
    session.commit()
    return {"customer_id": new.customer_id}


@app.post("/customers/settle")
def settle(session: Session = Depends(open_session)):
    settled = 0
    for customer in session.scalars(customers()):  # grows
        for order in customer.orders:
            order.paid = True
            settled += 1
    session.commit()
    return {"settled": settled}


@app.get("/rates/httpx")
async def rates_with_httpx():
    return httpx.get(RATES).json()  # blocks, and fails


@app.get("/rates/requests")
async def rates_with_requests():
    try:
        return requests.get(RATES, timeout=1).json()  # blocks
    except requests.RequestException:
        return {}


@app.get("/rates/thread")
def rates_in_a_thread():
    try:
        return requests.get(RATES, timeout=1).json()
    except requests.RequestException:
        return {}


@app.get("/rates/awaited")
async def rates_awaited():
    try:
        return (await client.get(RATES)).json()
    except httpx.HTTPError:
        return {}


@app.get("/rates/new-clients")
async def rates_with_new_clients():
    clients = [httpx.AsyncClient() for _ in range(4)]  # new clients
    return len(clients)


@app.get("/login")
def login():
    return {"digest": hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 200_000).hex()}  # hashes
"""


@dataclass(frozen=True)
class Told:
    """What one run has printed, and as what it ended."""

    code: int
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)

    def section(self, title: str) -> list[str]:
        """Return the entries below a title."""
        _before, found, rest = self.text.partition(f"\n{title}\n")
        assert found, self.text
        return [line.removeprefix("  · ") for line in re.split(r"\n(?!  )", rest)[0].splitlines()]


def _app(directory: Path) -> Path:
    root = directory / "shop"
    root.mkdir()
    (root / "main.py").write_text(APP, encoding="utf-8")
    with sqlite3.connect(root / "app.db") as database:
        database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, paid BOOLEAN)")
        database.execute("INSERT INTO orders VALUES (1, 1, 0)")
    database.close()
    return root


def _optimize(root: Path, *arguments: str) -> Told:
    where = ("--project", str(root), "--python", str(corpus.interpreter()))
    done = subprocess.run(
        [sys.executable, str(DOOR), "optimize", *where, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Told(done.returncode, done.stdout)


def _line(comment: str) -> str:
    """Return the place of the line that ends with a comment."""
    number = next(number for number, line in enumerate(APP.splitlines(), 1) if line.endswith(f"# {comment}"))
    return f"main.py:{number}"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run that only reads leaves its report."""
    return tmp_path_factory.mktemp("report") / "report.html"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, report: Path) -> Told:
    return _optimize(_app(tmp_path_factory.mktemp("reading")), "--html", str(report))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _app(tmp_path_factory.mktemp("writing"))


@pytest.fixture(scope="module")
def writing(shop: Path) -> tuple[Told, dict[str, bytes]]:
    """The run with endpoints that write, and the files of the project after it."""
    told = _optimize(shop, "--writes", "--dry-run", "--json")
    files = [path for path in shop.rglob("*") if path.is_file() and ".fastwright" not in path.parts]
    return told, {str(path.relative_to(shop)): path.read_bytes() for path in files}


def test_without_writes_an_endpoint_that_writes_is_not_measured(reading: Told) -> None:
    assert reading.code == 0
    assert "none of 8 endpoints takes more statements for more rows" in reading.text
    assert "/customers/settle" not in reading.text


@pytest.mark.slow
def test_with_writes_what_grows_in_an_endpoint_that_writes_is_found_and_fixed(
    writing: tuple[Told, dict[str, bytes]],
) -> None:
    data = writing[0].data
    assert {one["path"] for one in data["endpoints"] if one["method"] == "POST"} == {"/orders", "/customers/settle"}
    (growing,) = [one for one in data["endpoints"] if one["growth"] != "constant"]
    assert growing["path"] == "/customers/settle"
    assert f"Customer.orders is loaded once for each row that {_line('grows')} reads" in growing["cause"]
    assert growing["growth_after"] == "constant"
    assert data["proof"]["proven"]


@pytest.mark.slow
def test_what_goes_away_with_the_fix_is_not_left_to_anybody(writing: tuple[Told, dict[str, bytes]]) -> None:
    # Each lazy load flushes what the turn before has changed: an UPDATE per row, until nothing is loaded in the loop.
    growing = next(one for one in writing[0].data["endpoints"] if one["growth"] != "constant")
    assert {one["kind"] for one in growing["causes"]} == {"lazy_load", "query_in_loop"}
    assert writing[0].data["left"] == []


@pytest.mark.slow
def test_writes_reach_the_scratch_database_alone(shop: Path, writing: tuple[Told, dict[str, bytes]]) -> None:
    assert writing[1].keys() == {"main.py", "app.db"}
    assert writing[1]["main.py"].decode() == APP
    with sqlite3.connect(shop / "app.db") as database:
        assert database.execute("SELECT id, customer_id, paid FROM orders").fetchall() == [(1, 1, 0)]
    database.close()


def test_whole_rows_for_a_few_columns_are_told_with_their_line(reading: Told) -> None:
    whole = [line for line in reading.section("Also seen") if "whole rows" in line]
    told = f"{_line('whole rows')} loads whole rows of Customer for a few columns (GET /names)"
    edit = f"at {_line('whole rows')}, select no more than is used: `select(Customer.id, Customer.name)`"
    assert whole == [f"{told}: {edit}"]


@pytest.mark.parametrize(
    ("client", "comment"),
    [("requests", "blocks"), ("httpx", "blocks, and fails")],
)
def test_a_client_that_is_not_async_is_named_with_its_line_on_the_event_loop(
    reading: Told, client: str, comment: str
) -> None:
    told = f"the event loop waits for a request with {client} at {_line(comment)} (GET /rates/{client})"
    assert any(line.startswith(told) for line in reading.section("Also seen"))


def test_the_report_names_the_client_of_an_endpoint_that_fails_without_the_other_host(
    reading: Told, report: Path
) -> None:
    assert reading.section("Not measured")[0].startswith("GET /rates/httpx: ConnectError")
    _before, _title, failed = report.read_text(encoding="utf-8").partition("<h2>Not measured</h2>")
    assert f"the event loop waits for a request with httpx at {_line('blocks, and fails')}" in failed


def test_a_client_in_a_thread_or_awaited_makes_nobody_wait(reading: Told) -> None:
    waits = "\n".join(line for line in reading.section("Also seen") if "event loop" in line)
    assert waits
    assert "/rates/thread" not in waits
    assert "/rates/awaited" not in waits


def test_a_client_that_is_made_for_each_request_is_told_with_the_edit(reading: Told) -> None:
    (told,) = [line for line in reading.section("Also seen") if "/rates/new-clients" in line]
    assert told.startswith(f"the event loop waits for a new HTTP client at {_line('new clients')} ")
    assert "use one client that is made when the app starts" in told


def test_where_nothing_grows_the_slowest_requests_are_told_with_their_parts_and_lines(reading: Told) -> None:
    slowest = reading.section("Where the time of the slowest requests goes")
    (login,) = [line for line in slowest if line.startswith("GET /login ")]
    assert re.fullmatch(rf"GET /login \d+ ms: password hashing \d+%.*; most of it from {_line('hashes')}", login)
