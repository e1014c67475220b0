from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

engine = create_engine("sqlite:///harbour.db")
make_session = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Ship(Base):
    __tablename__ = "ships"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    berths: Mapped[list["Berthing"]] = relationship(back_populates="ship", order_by="Berthing.id")


class Berthing(Base):
    __tablename__ = "berthings"
    id: Mapped[int] = mapped_column(primary_key=True)
    quay: Mapped[str]
    ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))
    ship: Mapped[Ship] = relationship(back_populates="berths")


def session():
    with make_session() as opened:
        yield opened
