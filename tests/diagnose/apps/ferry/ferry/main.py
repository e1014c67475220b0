from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from .db import Base, Harbour, engine, get_db
from .errors import FerryError
from .service import CrossingService


@asynccontextmanager
async def lifespan(app):
    Base.metadata.create_all(engine)
    yield


app = FastAPI(lifespan=lifespan)
partner = FastAPI(title="partners")
Db = Annotated[Session, Depends(get_db)]
bearer = HTTPBearer()
partner_key = APIKeyHeader(name="X-Partner-Key")


@app.exception_handler(FerryError)
async def ferry_error(request: Request, error: FerryError):
    return JSONResponse({"message": error.message}, error.status)


class CrossingIn(BaseModel):
    origin: str = Field(pattern=r"^[A-Z]{3}$")
    ship: str
    seats: int = Field(gt=0, le=2000)


class CrossingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    ship: str
    seats: int


class HarbourOut(BaseModel):
    code: str
    name: str
    lat: float


class HarbourPlain(BaseModel):
    code: str
    name: str


class Paging(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int = Field(20, ge=1, le=100)
    order: Literal["asc", "desc"] = "asc"
    tags: list[str] = []


class Trace(BaseModel):
    x_request_id: str = Field(min_length=8)
    x_hops: int = 0


class Prefs(BaseModel):
    lang: Literal["no", "en"]
    theme: str = "dark"


def staff(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    if credentials.credentials != "staff-token-1":
        raise HTTPException(401, "unknown token")
    return "staff"


@app.post("/crossings", status_code=201, response_model=CrossingOut)
def open_crossing(data: CrossingIn, db: Db):
    return CrossingService(db).open(data.origin, data.ship, data.seats)


@app.get("/crossings/{crossing_id}", response_model=CrossingOut)
def read_crossing(crossing_id: int, db: Db):
    return CrossingService(db).get(crossing_id)


@app.delete("/crossings/{crossing_id}", status_code=204)
def cancel(crossing_id: int, db: Db, who: Annotated[str, Depends(staff)]):
    db.delete(CrossingService(db).get(crossing_id))
    db.commit()


@app.get("/harbours", response_model=list[HarbourOut])
def harbours(db: Db):
    return db.query(Harbour).all()


@app.get("/harbours/{code}/plain", response_model=HarbourPlain)
def plain_harbour(code: str, db: Db):
    found = db.get(Harbour, code)
    if found is None:
        raise HTTPException(404, "no harbour")
    return HarbourPlain.model_validate(found)


@app.get("/search")
def search(paging: Annotated[Paging, Query()], q: str | None):
    return {"q": q, **paging.model_dump()}


@app.get("/trace")
def trace(headers: Annotated[Trace, Header()]):
    return headers


@app.get("/prefs")
def prefs(cookies: Annotated[Prefs, Cookie()]):
    return cookies


@app.post("/quotes")
def quote(seats: int, ship: str):
    return {"price": seats * 12, "ship": ship}


@partner.post("/bookings")
def book(seats: Annotated[int, Header()], key: Annotated[str, Depends(partner_key)], note: str = ""):
    if key != "p4rtner":
        raise HTTPException(403, "this key may not book")
    return {"seats": seats, "note": note}


app.mount("/partner", partner)
