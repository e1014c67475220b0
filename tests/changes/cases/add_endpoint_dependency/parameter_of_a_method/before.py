from fastapi import APIRouter

router = APIRouter()


class Items:
    @router.get("/items")
    def read(self, /):
        return []
