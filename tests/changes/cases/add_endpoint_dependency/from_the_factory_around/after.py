from fastapi import Depends, FastAPI


def create_app(get_user) -> FastAPI:
    app = FastAPI()

    @app.get("/items", dependencies=[Depends(get_user)])
    async def read_items():
        return []

    return app
