from sqlalchemy import ForeignKey, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

engine = create_engine("sqlite:///./ferry.db", connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Harbour(Base):
    __tablename__ = "harbours"
    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str]
    lat: Mapped[float | None]
    crossings: Mapped[list["Crossing"]] = relationship(back_populates="origin")


class Crossing(Base):
    __tablename__ = "crossings"
    id: Mapped[int] = mapped_column(primary_key=True)
    origin_code: Mapped[str] = mapped_column(ForeignKey("harbours.code"))
    ship: Mapped[str] = mapped_column(unique=True)
    seats: Mapped[int]
    origin: Mapped[Harbour] = relationship(back_populates="crossings")


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
