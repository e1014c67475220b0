from fastapi import FastAPI


def create_app():
    api = FastAPI()
    api.include_router(router)
    return api
