from fastapi import APIRouter
router = APIRouter()

@router.get("/items")
@router.api_route("/items", methods=["PUT", "PATCH"])
async def items():
    return []
