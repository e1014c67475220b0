from fastapi import APIRouter

public = APIRouter(prefix="/public")
private: APIRouter = APIRouter(prefix="/private", redirect_slashes=False)
