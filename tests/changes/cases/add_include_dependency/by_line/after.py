from fastapi import Depends, FastAPI
from app import items, users
from app.auth import get_user

app = FastAPI()
app.include_router(items.router, prefix="/items")
app.include_router(users.router, prefix="/users", dependencies=[Depends(get_user)])
