from fastapi import APIRouter, Depends

from app.auth import get_user


class ItemRoutes:
    def __init__(self) -> None:
        self.router = APIRouter()
        self.router.add_api_route("/items", self.read, methods=["GET"])
        self.router.add_api_route(
            "/items",
            self.create,
            methods=["POST"],
            dependencies=[Depends(get_user)],
        )

    def read(self): return []

    def create(self): return {}
