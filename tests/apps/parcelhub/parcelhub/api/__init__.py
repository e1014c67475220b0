from fastapi import APIRouter

from . import v1

api = APIRouter(prefix="/api")
api.include_router(v1.router, prefix="/v1")
