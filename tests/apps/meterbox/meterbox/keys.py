"""
Two ways to look at a caller:

* caller:          whoever it is, maybe nobody. Never refuses.
* require_device:  a known device, or 403.
* require_admin:   the box of the landlord.
"""
from typing import Annotated, Optional

from fastapi import Depends, HTTPException, Security
from fastapi.security import APIKeyHeader
from sqlalchemy.orm import Session

from .orm import Device, get_session

header = APIKeyHeader(name="X-Device-Key", auto_error=False)

SessionDep = Annotated[Session, Depends(get_session)]


def caller(session: SessionDep, key: Annotated[Optional[str], Security(header)] = None) -> Optional[Device]:
    if key is None:
        return None
    return session.query(Device).filter_by(api_key=key).one_or_none()


def require_device(device: Annotated[Optional[Device], Depends(caller)]) -> Device:
    if device is None:
        raise HTTPException(403, detail="X-Device-Key is missing or unknown")
    return device


def require_admin(device: Annotated[Device, Depends(require_device)]) -> Device:
    if not device.is_admin:
        raise HTTPException(403, detail="not the landlord")
    return device


MaybeCaller = Annotated[Optional[Device], Depends(caller)]
KnownDevice = Annotated[Device, Depends(require_device)]
