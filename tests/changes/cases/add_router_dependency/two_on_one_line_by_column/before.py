from fastapi import APIRouter
"é"; a = APIRouter(prefix="/é"); b = APIRouter()
