"""What is served under the API's prefix: one router for each domain."""

from fastapi import FastAPI

from app.auth.router import router as auth_router
from app.categories.router import router as categories_router
from app.orders.router import router as orders_router
from app.posts.router import router as posts_router
from app.products.router import router as products_router
from app.tags.router import router as tags_router
from app.users.router import router as users_router

API_PREFIX = "/api/v1"


def include_routers(app: FastAPI) -> None:
    """Include them one by one: in a router around them, each would be compared with every path once more."""
    app.include_router(auth_router, prefix=API_PREFIX)
    app.include_router(users_router, prefix=API_PREFIX)
    app.include_router(categories_router, prefix=API_PREFIX)
    app.include_router(orders_router, prefix=API_PREFIX)
    app.include_router(posts_router, prefix=API_PREFIX)
    app.include_router(products_router, prefix=API_PREFIX)
    app.include_router(tags_router, prefix=API_PREFIX)
