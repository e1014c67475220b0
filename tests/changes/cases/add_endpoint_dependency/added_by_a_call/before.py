from fastapi import APIRouter


class ItemRoutes:
    def __init__(self) -> None:
        self.router = APIRouter()
        self.router.add_api_route("/items", self.read, methods=["GET"])
        self.router.add_api_route("/items", self.create, methods=["POST"],)

    def read(self): return []

    def create(self): return {}
