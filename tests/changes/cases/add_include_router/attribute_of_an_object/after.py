from fastapi import FastAPI

from app.routers import orders


class Server:
    def __init__(self) -> None:
        self.app = FastAPI()
        self.app.include_router(orders.router)
        self.count = 0
