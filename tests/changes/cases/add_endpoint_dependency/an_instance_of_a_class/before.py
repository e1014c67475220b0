from fastapi import APIRouter

router = APIRouter()


@router.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int) -> None: ...
