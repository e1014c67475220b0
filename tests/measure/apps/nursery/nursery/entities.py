from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Entity(DeclarativeBase):
    pass


class Grower(Entity):
    __tablename__ = "growers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Plant(Entity):
    __tablename__ = "plants"

    id: Mapped[int] = mapped_column(primary_key=True)
    latin_name: Mapped[str]
    price_cents: Mapped[int]
    grower_id: Mapped[int] = mapped_column(ForeignKey("growers.id"))

    grower: Mapped[Grower] = relationship()
