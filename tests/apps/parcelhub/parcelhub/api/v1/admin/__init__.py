from fastapi import APIRouter

from . import depots, staff

router = APIRouter(tags=["admin"])
router.include_router(depots.router, prefix="/depots")
router.include_router(staff.router, prefix="/staff")
