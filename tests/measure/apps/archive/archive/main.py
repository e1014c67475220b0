from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from archive import service
from archive.database import session

app = FastAPI()
Db = Annotated[Session, Depends(session)]


@app.get("/letters")
def letters(db: Db, count: int = 50) -> list[dict[str, str]]:
    return [{"from": one.sender, "collection": one.collection.name} for one in service.newest(db, count)]


@app.get("/feed")
def feed(db: Db) -> list[str]:
    return [f"{one.year}: {one.sender}" for one in service.newest(db, 50)]
