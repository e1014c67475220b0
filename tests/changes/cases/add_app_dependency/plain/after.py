from fastapi import Depends, FastAPI

from app.auth import get_user

app = FastAPI(title="Shop", dependencies=[Depends(get_user)])
