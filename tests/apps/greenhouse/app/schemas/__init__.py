from .common import Message
from .plant import BenchCreate, BenchPublic, PlantCreate, PlantPublic, PlantsPublic, PlantUpdate, WateringCreate, WateringPublic
from .token import Token, TokenPayload
from .user import UserCreate, UserPublic, UserRegister, UsersPublic, UserUpdateMe

__all__ = [
    "BenchCreate",
    "BenchPublic",
    "Message",
    "PlantCreate",
    "PlantPublic",
    "PlantUpdate",
    "PlantsPublic",
    "Token",
    "TokenPayload",
    "UserCreate",
    "UserPublic",
    "UserRegister",
    "UserUpdateMe",
    "UsersPublic",
    "WateringCreate",
    "WateringPublic",
]
