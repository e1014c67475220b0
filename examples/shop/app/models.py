"""Every table, for Alembic and for the mappers: who imports this has imported all of them."""

from app.auth.models import AccountToken, Login, RefreshToken
from app.categories.models import Category
from app.database import Base
from app.idempotency import StoredAnswer
from app.orders.models import Order
from app.outbox import OutboxMessage
from app.posts.models import Post
from app.products.models import Product
from app.tags.models import Tag
from app.users.models import User

__all__ = [
    "AccountToken",
    "Base",
    "Category",
    "Login",
    "Order",
    "OutboxMessage",
    "Post",
    "Product",
    "RefreshToken",
    "StoredAnswer",
    "Tag",
    "User",
]
