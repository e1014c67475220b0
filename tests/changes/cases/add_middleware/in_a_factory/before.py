from fastapi import FastAPI


def create_app(settings) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def root(): ...

    return app
