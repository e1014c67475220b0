from fastapi import FastAPI
from app import items, users

app = FastAPI()
for part in (items, users):
    app.include_router(part.router)
