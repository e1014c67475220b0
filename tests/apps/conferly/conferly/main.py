from contextlib import asynccontextmanager

from fastapi import FastAPI

from conferly.accounts.router import router as accounts
from conferly.database import engine
from conferly.rooms.router import router as rooms
from conferly.talks.router import router as talks


@asynccontextmanager
async def lifespan(_: FastAPI):
    yield
    await engine.dispose()


app = FastAPI(title="Conferly", version="1.4.0", lifespan=lifespan)

for router in (accounts, rooms, talks):
    app.include_router(router)


@app.get("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    return {"status": "ok"}
