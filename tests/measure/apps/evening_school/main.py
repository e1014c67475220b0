from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///school.db")


class Base(DeclarativeBase):
    pass


class Course(Base):
    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    places: Mapped[int]


class Booking(Base):
    __tablename__ = "bookings"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    student: Mapped[str]


def get_db():
    with Session(engine) as db:
        yield db


app = FastAPI()


@app.get("/courses")
def courses(db: Annotated[Session, Depends(get_db)]) -> list[dict]:
    listed = []
    for course in db.scalars(select(Course).order_by(Course.subject, Course.id).limit(100)).all():
        booked = db.scalar(select(func.count()).select_from(Booking).where(Booking.course_id == course.id))
        listed.append({"subject": course.subject, "booked": booked, "places": course.places})
    return listed


@app.get("/bookings/count")
def bookings(db: Annotated[Session, Depends(get_db)]) -> int:
    return db.scalar(select(func.count()).select_from(Booking)) or 0
