from fastapi import FastAPI
from app.routers import items


def register(application: FastAPI) -> None:
    application.include_router(items.router)
