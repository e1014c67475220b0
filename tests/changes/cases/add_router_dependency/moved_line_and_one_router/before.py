from fastapi import APIRouter
# one
# two
a = APIRouter()
