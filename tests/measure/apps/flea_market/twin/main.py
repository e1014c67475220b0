import math

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, Integer, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

engine = create_engine("sqlite:///fleamarket.db")


class Base(DeclarativeBase):
    pass


class Seller(Base):
    __tablename__ = "sellers"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    nickname: Mapped[str]


class Offer(Base):
    __tablename__ = "offers"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    what: Mapped[str]
    cents: Mapped[int]
    seller_id: Mapped[int] = mapped_column(ForeignKey("sellers.id"))
    seller: Mapped[Seller] = relationship()


class SellerOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    nickname: str


class OfferOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    what: str
    cents: int
    seller: SellerOut


class Page(BaseModel):
    items: list[OfferOut]
    page: int
    pages: int


def db():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/offers", response_model=Page)
def offers(page: int = Query(1, ge=1), size: int = Query(10, ge=1, le=100), session: Session = Depends(db)):
    total = session.execute(select(func.count(Offer.id))).scalar_one()
    stmt = select(Offer).order_by(Offer.cents, Offer.id)
    stmt = stmt.offset((page - 1) * size).limit(size)
    return {"items": session.scalars(stmt.options(selectinload(Offer.seller))).all(), "page": page, "pages": math.ceil(total / size)}
