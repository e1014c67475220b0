from fastapi import FastAPI

from app.items import router

app = FastAPI(title="shop")  # the one
app.add_middleware(Timing)
app.include_router(router)
