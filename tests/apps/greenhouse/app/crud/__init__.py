from .crud_plant import count_plants, create_plant, get_plants, update_plant
from .crud_user import authenticate, create_user, get_user_by_email

__all__ = [
    "authenticate",
    "count_plants",
    "create_plant",
    "create_user",
    "get_plants",
    "get_user_by_email",
    "update_plant",
]
