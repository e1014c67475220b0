from fastapi import FastAPI
from app.routers import items, orders, users
app = FastAPI()
for module in (items, users):
    app.include_router(module.router)
app.include_router(orders.router)
