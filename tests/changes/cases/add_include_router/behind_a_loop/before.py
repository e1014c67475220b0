from fastapi import FastAPI
from app.routers import items, users
app = FastAPI()
for module in (items, users):
    app.include_router(module.router)
