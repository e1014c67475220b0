from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from harbour.api import accounts, boats
from harbour.core.config import settings


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    yield


app = FastAPI(title="Harbour", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings().origins,
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(accounts.router)
app.include_router(boats.router)
app.include_router(boats.berths)


@app.on_event("shutdown")  # found: ignored-startup-handler
async def goodbye() -> None:
    app.state.ready = False


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": app.state.ready}
