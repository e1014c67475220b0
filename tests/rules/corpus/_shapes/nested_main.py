from fastapi import APIRouter, FastAPI

from studio.routes import router

version = APIRouter(prefix="/v1")
version.include_router(router)
api = APIRouter(prefix="/api")
api.include_router(version)

app = FastAPI()
app.include_router(api)
