from fastapi import FastAPI

from .reserves.router import router

app = FastAPI()
app.include_router(router)
