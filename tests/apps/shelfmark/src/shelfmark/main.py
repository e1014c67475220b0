from contextlib import asynccontextmanager

from fastapi import FastAPI

from shelfmark.database import Base, make_engine, make_sessionmaker
from shelfmark.endpoints import ROUTERS
from shelfmark.settings import Settings, get_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()
    engine = make_engine(settings.database_url)

    @asynccontextmanager
    async def lifespan(app: FastAPI):
        Base.metadata.create_all(engine)
        yield
        engine.dispose()

    app = FastAPI(title="Shelfmark", lifespan=lifespan)
    app.state.sessionmaker = make_sessionmaker(engine)
    app.dependency_overrides[get_settings] = lambda: settings
    for router in ROUTERS:
        app.include_router(router)

    @app.get("/status", tags=["ops"])
    def status():
        return {"signup_open": settings.signup_open}

    return app
