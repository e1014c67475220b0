from fastapi_utils.cbv import cbv
from fastapi import APIRouter

router = APIRouter()


@cbv(router)
class Items:
    @router.get("/items")
    def read(self) -> list[str]:
        return []

    @router.post("/items")
    def create(self) -> str:
        return ""


class Other:
    def create(self) -> str:
        return ""
