from fastapi import APIRouter, Depends

from app.auth import RoleChecker

router = APIRouter()


@router.delete(
    "/items/{item_id}", status_code=204, dependencies=[Depends(RoleChecker("admin"))]
)
def delete_item(item_id: int) -> None: ...
