from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def create_app(settings) -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=settings.origins)

    @app.get("/")
    def root(): ...

    return app
