from fastapi import APIRouter
from app.routers.items import router as items_router
from app.routers.orders import router as orders_router

api = APIRouter(prefix="/api")
api.include_router(items_router)
api.include_router(orders_router)
