from fastapi import Depends, FastAPI


def create_app(get_user) -> FastAPI:
    app = FastAPI()

    @app.get("/items")
    async def read_items():
        return []

    return app
