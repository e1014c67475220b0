from fastapi import FastAPI

from ..models import User
from .auth import get_user
