from fastapi import Depends, FastAPI

from app.auth import get_user
def create_app(): return FastAPI(dependencies=[Depends(get_user)])
