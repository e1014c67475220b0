from fastapi import APIRouter, Security
from app.auth import get_user
router = APIRouter()
@router.get("/me")
def read_me(user=Security(get_user, scopes=["me"])):
    return user.name
