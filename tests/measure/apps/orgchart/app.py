from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///orgchart.sqlite")


class Base(DeclarativeBase): ...


class Employee(Base):
    __tablename__ = "employees"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str | None]
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"))
    manager: Mapped["Employee | None"] = relationship(remote_side=[id], back_populates="reports")
    reports: Mapped[list["Employee"]] = relationship(back_populates="manager", order_by="Employee.id")


def session():
    with Session(engine) as s:
        yield s


Db = Annotated[Session, Depends(session)]
app = FastAPI()


@app.get("/employees")
def employees(s: Db, limit: Annotated[int, Query(le=200)] = 100) -> list[dict[str, str | list[str]]]:
    people = s.scalars(select(Employee).order_by(Employee.id).limit(limit))
    return [{"name": p.name, "reports": [r.name for r in p.reports]} for p in people.all()]


@app.get("/employees/{employee_id}/title")
def title(employee_id: int, s: Db) -> str | None:
    person = s.get(Employee, employee_id)
    return person and person.title
