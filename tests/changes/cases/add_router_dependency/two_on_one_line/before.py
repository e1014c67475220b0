from fastapi import APIRouter
a = APIRouter(); b = APIRouter()
