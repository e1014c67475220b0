import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import func, select

from .api import api
from .db import Base, Session, engine
from .models import Staff


@asynccontextmanager
async def lifespan(app: FastAPI):
    Base.metadata.create_all(engine)
    # an empty hub needs a first admin
    with Session.begin() as s:
        if s.scalar(select(func.count(Staff.id))) == 0:
            s.add(Staff(login="root", role="admin", token=os.environ.get("PARCELHUB_ROOT_TOKEN", "root")))
    yield


app = FastAPI(title="parcelhub", lifespan=lifespan)
app.include_router(api)


@app.get("/healthz", tags=["ops"])
def healthz():
    return {"ok": True}
