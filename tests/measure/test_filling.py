"""The scratch database: every table gets rows, in such a way that growth can be seen, whatever the models want."""

from __future__ import annotations

import pytest

from tests.measure.laboratory import Measure, Measured

DIFFICULT = """
import enum, uuid
from datetime import datetime
from sqlalchemy.types import TypeDecorator, CHAR

class Shade(enum.Enum):
    LIGHT = "light"
    DARK = "dark"

class Guid(TypeDecorator):
    impl = CHAR(32)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else uuid.UUID(str(value)).hex

    def process_result_value(self, value, dialect):
        return None if value is None else uuid.UUID(value)

class Country(Base):
    __tablename__ = "country"
    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(6), unique=True)

class City(Base):
    __tablename__ = "city"
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    mayor_id: Mapped[int] = mapped_column(ForeignKey("person.id", use_alter=True))
    shade: Mapped[Shade]
    traits: Mapped[list] = mapped_column(JSON)
    rating: Mapped[int] = mapped_column(CheckConstraint("rating BETWEEN 1 AND 5"))
    price: Mapped[float] = mapped_column(Numeric(6, 2), CheckConstraint("price > 100"))
    kind: Mapped[str] = mapped_column(CheckConstraint("kind IN ('port', 'spa')"))

class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[uuid.UUID] = mapped_column(Guid, unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    joined: Mapped[datetime]
    left_country: Mapped[str]
    left_number: Mapped[int]
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (ForeignKeyConstraint(["left_country", "left_number"], ["city.country_code", "city.number"]),)

class Animal(Base):
    __tablename__ = "animal"
    id: Mapped[int] = mapped_column(primary_key=True)
    sort: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "sort", "polymorphic_identity": "animal"}

class Cat(Animal):
    __tablename__ = "cat"
    id: Mapped[int] = mapped_column(ForeignKey("animal.id"), primary_key=True)
    lives: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "cat"}

friends = Table(
    "friends", Base.metadata,
    Column("one", ForeignKey("person.id"), primary_key=True),
    Column("other", ForeignKey("person.id"), primary_key=True),
)

def rows(session, model):
    return [str(row) for row in session.execute(select(model)).all()]

@app.get("/cities")
def cities(session: Session = Depends(open_session)):
    return [[one.country_code, one.rating, float(one.price), one.kind, one.shade.value, one.traits, one.mayor_id]
            for one in session.scalars(select(City))]

@app.get("/mayors")
def mayors(session: Session = Depends(open_session)):
    return session.scalars(select(City.mayor_id).distinct()).all()

@app.get("/orphans")
def orphans(session: Session = Depends(open_session)):
    lost = select(Person.id).where(~select(City).where(
        City.country_code == Person.left_country, City.number == Person.left_number).exists())
    return session.scalars(lost).all()

@app.get("/bosses")
def bosses(session: Session = Depends(open_session)):
    return session.scalars(select(Person.boss_id).where(Person.boss_id.is_not(None)).distinct()).all()

@app.get("/people/{person_id}")
def person(person_id: int, session: Session = Depends(open_session)):
    found = session.get(Person, person_id)
    return {"reports": session.scalars(select(Person.id).where(Person.boss_id == found.id)).all()}

@app.get("/animals")
def animals(session: Session = Depends(open_session)):
    return [[type(one).__name__, getattr(one, "lives", None)] for one in session.scalars(select(Animal))]

@app.get("/cats")
def cats(session: Session = Depends(open_session)):
    return [one.lives for one in session.scalars(select(Cat))]

@app.get("/friends")
def pairs(session: Session = Depends(open_session)):
    return [list(row) for row in session.execute(select(friends))]
"""


@pytest.fixture(scope="module")
def difficult(measure: Measure) -> Measured:
    return measure(DIFFICULT)


def test_every_table_can_be_filled(difficult: Measured) -> None:
    assert difficult.problems == {}
    assert all(count >= 30 for name, count in difficult.measurement.largest.rows.items() if name != "cat")
    assert [difficult.measurement.undriven(number) for number in range(8)] == [""] * 8


def test_parents_have_children_of_their_own(difficult: Measured) -> None:
    assert all((difficult.entries("/mayors")[size] or 0) >= size for size in (3, 30))
    assert (difficult.entries("/bosses")[30] or 0) >= 30


def test_the_first_row_has_as_many_children_as_the_size(difficult: Measured) -> None:
    assert (difficult.entries("/people/{person_id}")[30] or 0) >= 30


def test_keys_in_a_circle_and_of_several_columns_lead_to_rows_that_are_there(difficult: Measured) -> None:
    assert difficult.entries("/orphans") == {3: 0, 30: 0}


def test_rows_of_a_hierarchy_of_tables_are_whole(difficult: Measured) -> None:
    cats, animals = difficult.entries("/cats"), difficult.entries("/animals")
    assert cats[30]
    assert animals[30] == 30


def test_both_runs_of_the_same_code_have_the_same_rows(measure: Measure, difficult: Measured) -> None:
    again = measure(DIFFICULT)
    assert again.request("/cities").body == difficult.request("/cities").body
