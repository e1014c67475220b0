"""What is served under the API's prefix: one router for each domain."""

from fastapi import APIRouter

from app.auth.router import router as auth_router
from app.categories.router import router as categories_router
from app.orders.router import router as orders_router
from app.posts.router import router as posts_router
from app.products.router import router as products_router
from app.tags.router import router as tags_router
from app.users.router import router as users_router

api_router = APIRouter()
api_router.include_router(auth_router)
api_router.include_router(users_router)
api_router.include_router(categories_router)
api_router.include_router(orders_router)
api_router.include_router(posts_router)
api_router.include_router(products_router)
api_router.include_router(tags_router)
