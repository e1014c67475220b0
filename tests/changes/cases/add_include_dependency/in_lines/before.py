from fastapi import FastAPI
from app import items, users

app = FastAPI()
app.include_router(
    items.router,
    prefix="/items",
    dependencies=[],
)
