from .plant import Bench, Plant, Watering
from .user import User

__all__ = ["Bench", "Plant", "User", "Watering"]
