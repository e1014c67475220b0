from fastapi import Depends, FastAPI

from app.auth import get_user


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/items", dependencies=[Depends(get_user)])
    async def read_items():
        return []

    return app
