from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Depot(Base):
    __tablename__ = "depots"
    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str]
    pallets: Mapped[list["Pallet"]] = relationship(back_populates="depot", lazy="selectin")


class Pallet(Base):
    __tablename__ = "pallets"
    id: Mapped[int] = mapped_column(primary_key=True)
    weight: Mapped[int]
    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id"))
    depot: Mapped[Depot] = relationship(back_populates="pallets", lazy="joined")
