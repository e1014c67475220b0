"""All models."""
from app.models.cart import Cart  # noqa: F401
from app.models.user import User  # noqa: F401  (its table comes last)
