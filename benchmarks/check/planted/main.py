"""A small app with fifteen defects, each marked with its number: what do the tools say of it?"""

import logging
import time
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

JWT_SECRET = "b7d94be1f0a2c3"  # defect 1: a secret in the code
engine = create_engine("sqlite:///boats.db")
SessionLocal = sessionmaker(engine)
log = logging.getLogger(__name__)
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # defect 2: any origin, with cookies
bearer = OAuth2PasswordBearer(tokenUrl="token")


class Base(DeclarativeBase):
    pass


class Sailor(Base):
    __tablename__ = "sailors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    boats: Mapped[list["Boat"]] = relationship(back_populates="sailor")


class Boat(Base):
    __tablename__ = "boats"
    id: Mapped[int] = mapped_column(primary_key=True)
    sailor_id: Mapped[int] = mapped_column(ForeignKey("sailors.id"))  # defect 3: a foreign key without an index
    name: Mapped[str]
    price: Mapped[float]  # defect 4: money as a float
    sailor: Mapped[Sailor] = relationship(back_populates="boats")


class NewBoat(BaseModel):
    name: str
    price: float


class BoatOut(BaseModel):
    id: int
    name: str


def opened():
    with SessionLocal() as session:
        yield session


Db = Annotated[Session, Depends(opened)]


def signed_in(token: Annotated[str, Depends(bearer)], db: Db) -> Sailor:
    claims = jwt.decode(token, options={"verify_signature": False})  # defect 5: the signature is not checked
    sailor = db.get(Sailor, int(claims["sub"]))
    if sailor is None:
        raise HTTPException(401)
    return sailor


Me = Annotated[Sailor, Depends(signed_in)]


@app.post("/token", status_code=200)
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()], db: Db) -> dict[str, str]:
    sailor = db.scalar(select(Sailor).where(Sailor.name == form.username))
    if sailor is None or sailor.password != form.password:  # defect 6: passwords are kept as they are typed
        raise HTTPException(401)
    return {"access_token": jwt.encode({"sub": str(sailor.id)}, JWT_SECRET)}  # defect 7: a token that never ends


@app.get("/me")
def me(sailor: Me):  # defect 8: the password is in the answer
    return sailor


@app.get("/boats", response_model=list[BoatOut])
def boats(db: Db, sailor: Me):
    return db.scalars(select(Boat)).all()  # defect 9: a list without an end


@app.post("/boats", response_model=BoatOut)
def buy(new: NewBoat, db: Db, sailor: Me):  # defect 10: something is made, and answered with 200
    boat = Boat(sailor_id=sailor.id, **new.model_dump())
    db.add(boat)
    db.commit()
    return boat


@app.delete("/boats/{boat}", status_code=204)
def sell(boat: int, db: Db) -> None:  # defect 11: anybody may delete
    db.delete(db.get_one(Boat, boat))
    db.commit()


@app.get("/fleet")
def fleet(db: Db, sailor: Me) -> list[dict[str, str]]:
    found = db.scalars(select(Boat).limit(50)).all()
    return [{"boat": boat.name, "of": boat.sailor.name} for boat in found]  # defect 12: a query for each boat


@app.get("/search")
def search(name: str, db: Db, sailor: Me) -> list[str]:
    return list(db.scalars(text(f"SELECT name FROM boats WHERE name LIKE '%{name}%' LIMIT 20")))  # defect 13: SQL


@app.get("/weather")
async def weather(sailor: Me) -> str:
    time.sleep(1)  # defect 14: everybody waits
    return "calm"


@app.post("/repairs/{boat}", status_code=202)
def repair(boat: int, db: Db, sailor: Me) -> dict[str, str]:
    try:
        db.execute(text("UPDATE boats SET name = name WHERE id = :boat"), {"boat": boat})
    except SQLAlchemyError as error:
        raise HTTPException(500, detail=str(error)) from error  # defect 15: the database tells strangers about itself
    return {"boat": str(boat)}
