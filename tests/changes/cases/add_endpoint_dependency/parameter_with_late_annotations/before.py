from __future__ import annotations

from fastapi import FastAPI


def create_app(settings):
    app = FastAPI()
    def get_user(): return settings

    @app.get("/items")
    def read_items():
        return []

    return app
