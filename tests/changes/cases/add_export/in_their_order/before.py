"""Queries."""

from .plant import get_plants
from .user import get_user

__all__ = [
    "get_plants",  # paged
    "get_user",
]
