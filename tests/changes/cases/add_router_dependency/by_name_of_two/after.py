from fastapi import APIRouter, Depends

from app.auth import get_user

public = APIRouter(prefix="/public")
private: APIRouter = APIRouter(
    prefix="/private", redirect_slashes=False, dependencies=[Depends(get_user)]
)
