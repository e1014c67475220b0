from fastapi import FastAPI

from app.errors import install_error_handlers


def create_app():
    api = FastAPI()
    install_error_handlers(api)
    api.include_router(router)
    return api
