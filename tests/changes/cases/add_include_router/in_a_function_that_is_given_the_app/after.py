from fastapi import FastAPI
from app.routers import items, orders


def register(application: FastAPI) -> None:
    application.include_router(items.router)
    application.include_router(orders.router)
