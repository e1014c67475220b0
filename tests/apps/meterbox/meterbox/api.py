import secrets
from datetime import timezone

from fastapi import APIRouter, Depends, HTTPException, Query
from sqlalchemy.exc import IntegrityError

from . import dto
from .keys import KnownDevice, MaybeCaller, SessionDep, require_admin, require_device
from .orm import Device, Meter, Reading, utcnow

meters = APIRouter(prefix="/meters", tags=["meters"])
admin = APIRouter(prefix="/devices", tags=["devices"], dependencies=[Depends(require_admin)])


def _meter(session, serial) -> Meter:
    meter = session.query(Meter).filter_by(serial=serial).one_or_none()
    if meter is None:
        raise HTTPException(404, detail="unknown meter")
    return meter


@meters.get("", response_model=list[dto.MeterOut])
def list_meters(session: SessionDep, who: MaybeCaller):
    """Strangers see the public meters, devices also their own."""
    q = session.query(Meter)
    if who is None:
        q = q.filter(Meter.public.is_(True))
    elif not who.is_admin:
        q = q.filter(Meter.public.is_(True) | (Meter.device_id == who.id))
    return q.order_by(Meter.serial).all()


@meters.post("", response_model=dto.MeterOut, status_code=201)
def register_meter(body: dto.MeterIn, device: KnownDevice, session: SessionDep):
    meter = Meter(**body.model_dump(), device_id=device.id)
    session.add(meter)
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise HTTPException(409, detail="serial is registered")
    return meter


@meters.get("/{serial}/readings", response_model=list[dto.ReadingOut])
def readings(serial: str, who: MaybeCaller, session: SessionDep, last: int = Query(100, gt=0, le=1000)):
    meter = _meter(session, serial)
    if not meter.public and (who is None or who.id != meter.device_id):
        # do not tell strangers that it exists
        raise HTTPException(404, detail="unknown meter")
    return meter.readings[-last:]


@meters.post("/{serial}/readings", response_model=dto.ReadingOut, status_code=201)
def add_reading(serial: str, body: dto.ReadingIn, device: KnownDevice, session: SessionDep):
    meter = _meter(session, serial)
    if meter.device_id != device.id:
        raise HTTPException(404, detail="unknown meter")
    at = body.taken_at or utcnow()
    if at.tzinfo:
        at = at.astimezone(timezone.utc).replace(tzinfo=None)
    reading = Reading(meter_id=meter.id, value=body.value, taken_at=at)
    session.add(reading)
    session.commit()
    return reading


@meters.get("/{serial}/consumption", dependencies=[Depends(require_device)])
def consumption(serial: str, session: SessionDep) -> dto.Consumption:
    meter = _meter(session, serial)
    used = meter.readings[-1].value - meter.readings[0].value if meter.readings else 0.0
    return dto.Consumption(serial=meter.serial, unit=meter.unit, used=used)


@admin.get("", response_model=list[dto.DeviceOut])
def list_devices(session: SessionDep):
    return session.query(Device).order_by(Device.label).all()


@admin.post("", response_model=dto.DeviceCreated, status_code=201)
def add_device(body: dto.DeviceIn, session: SessionDep):
    device = Device(**body.model_dump(), api_key=secrets.token_hex(16))
    session.add(device)
    session.commit()
    return device
