from fastapi import FastAPI
from app.routers import items


def create_app() -> FastAPI:
	app = FastAPI()
	app.include_router(items.router)
	return app


app = create_app()
