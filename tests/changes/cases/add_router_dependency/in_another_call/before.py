from fastapi import APIRouter

router = traced(APIRouter(
    prefix="/items"))
