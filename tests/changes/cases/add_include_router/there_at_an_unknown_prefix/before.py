from fastapi import FastAPI
from app.routers import orders
from app.settings import V1
app = FastAPI()
app.include_router(orders.router, prefix=V1)
