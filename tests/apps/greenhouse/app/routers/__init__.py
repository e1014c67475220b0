from fastapi import APIRouter

from app.routers import benches, login, plants, users, utils

api_router = APIRouter()
api_router.include_router(login.router)
api_router.include_router(users.router)
api_router.include_router(utils.router)
api_router.include_router(plants.router)
api_router.include_router(benches.router)
