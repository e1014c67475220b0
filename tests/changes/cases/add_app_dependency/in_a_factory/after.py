import uvicorn
from fastapi import Depends, FastAPI
from app.auth import get_user
from app.settings import Settings

def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title=settings.title, docs_url=None,
        lifespan=None,  # none yet
        dependencies=[Depends(get_user)]
    )
    return app
