from fastapi import FastAPI

from app.routers import items, users

app = FastAPI()

app.include_router(items.router, tags=["items"])
app.include_router(users.router)  # who


@app.get("/health")
def health():
    return {}
