from fastapi import FastAPI

from app.routers import orders
def a():
    app = FastAPI()
    return app
def b():
    app = FastAPI()
    app.include_router(orders.router)
    return app
