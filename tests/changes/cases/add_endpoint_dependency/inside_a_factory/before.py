from fastapi import FastAPI


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/items")
    async def read_items():
        return []

    return app
