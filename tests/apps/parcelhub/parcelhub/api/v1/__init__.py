from fastapi import APIRouter, Depends

from ...guards import needs_role, staff_member
from . import admin, depots, parcels, tracking

router = APIRouter()

# for recipients, no login
router.include_router(tracking.router, prefix="/track", tags=["tracking"])

# for staff
router.include_router(parcels.router, prefix="/parcels", tags=["parcels"], dependencies=[Depends(staff_member)])
router.include_router(depots.router, tags=["depots"])
router.include_router(admin.router, prefix="/admin", dependencies=[Depends(needs_role("admin"))])
