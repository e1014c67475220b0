from fastapi_utils.cbv import cbv
from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@cbv(router)
class Items:
    @router.get("/items")
    def read(self) -> list[str]:
        return []

    @router.post("/items", dependencies=[Depends(get_user)])
    def create(self) -> str:
        return ""


class Other:
    def create(self) -> str:
        return ""
