from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.models import User


def f(user: "User"): ...
