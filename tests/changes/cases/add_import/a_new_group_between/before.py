import os

from app.models import User


class A: ...
