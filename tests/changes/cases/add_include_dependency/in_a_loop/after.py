from fastapi import Depends, FastAPI
from app import items, users
from app.auth import get_user

app = FastAPI()
for part in (items, users):
    app.include_router(part.router, dependencies=[Depends(get_user)])
