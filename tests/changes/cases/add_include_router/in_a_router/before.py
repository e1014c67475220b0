from fastapi import APIRouter
from app.routers.items import router as items_router

api = APIRouter(prefix="/api")
api.include_router(items_router)
