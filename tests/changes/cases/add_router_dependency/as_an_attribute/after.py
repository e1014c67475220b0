import fastapi

from app.auth import get_user


class Items:
    router = fastapi.APIRouter(dependencies=[])

    def __init__(self):
        self.other = fastapi.APIRouter(dependencies=[ fastapi.Depends(get_user)])
