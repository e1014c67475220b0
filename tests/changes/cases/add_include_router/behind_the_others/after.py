from fastapi import FastAPI

from app.routers import items, orders, users

app = FastAPI()

app.include_router(items.router, tags=["items"])
app.include_router(users.router)  # who
app.include_router(orders.router, prefix="/orders", tags=["orders"])


@app.get("/health")
def health():
    return {}
