import uvicorn
from fastapi import FastAPI
from app.settings import Settings

def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title=settings.title, docs_url=None,
        lifespan=None  # none yet
    )
    return app
