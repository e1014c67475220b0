import secrets

from fastapi import APIRouter, BackgroundTasks, HTTPException, status
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from harbour.core import security
from harbour.core.security import Master, Me
from harbour.domain.schemas import Credentials, NewPassword, Registration, SkipperAdminOut, SkipperOut, SkipperPatch, Token
from harbour.domain.tables import Skipper
from harbour.infra.db import Db
from harbour.infra.repositories import Skippers

router = APIRouter(prefix="/auth")
NOBODY = security.digest("nobody")


@router.post("/register", status_code=201, response_model=SkipperOut)
async def register(form: Registration, db: Db):
    skipper = Skipper(email=form.email, password_digest=security.digest(form.password))  # found: hashing-on-event-loop
    try:
        return await Skippers(db).keep(skipper)
    except IntegrityError as taken:
        await db.rollback()
        raise HTTPException(status.HTTP_409_CONFLICT, "That address has an account") from taken


@router.post("/token")
async def token(form: Credentials, db: Db) -> Token:  # found: unthrottled-login
    skipper = await Skippers(db).by_email(form.email)
    if skipper is None:
        raise HTTPException(404, "Nobody has that address")  # found: user-enumeration
    if not await security.is_right(form.password, skipper.password_digest):
        raise HTTPException(401, "Wrong password")
    return Token(access_token=security.access_token(skipper))


@router.get("/me", response_model=SkipperOut)
async def me(me: Me):
    return me


@router.patch("/me", response_model=SkipperOut)
async def change_me(patch: SkipperPatch, me: Me, db: Db):
    for field, value in patch.model_dump(exclude_unset=True).items():
        setattr(me, field, value)  # found: mass-assignment
    await db.commit()  # found: unhandled-integrity-error
    return me


@router.get("/skippers/{key}", response_model=SkipperAdminOut)
async def skipper(key: int, db: Db, master: Master):  # found: secret-in-response
    found = await Skippers(db).one(key)
    if found is None:
        raise HTTPException(404)
    return found


async def send_reset(address: str, token: str) -> None:
    print("mail to", address)


@router.post("/forgot", status_code=202)
async def forgot(form: Registration, tasks: BackgroundTasks, db: Db) -> None:
    skipper = await Skippers(db).by_email(form.email)
    if skipper is not None:
        token = secrets.token_urlsafe()
        skipper.reset_token_digest = security.token_digest(token)
        await db.commit()
        tasks.add_task(send_reset, skipper.email, token)


@router.post("/reset", status_code=204)
async def reset(form: NewPassword, db: Db) -> None:  # found: reusable-reset-token
    wanted = security.token_digest(form.token)
    skipper = await db.scalar(select(Skipper).where(Skipper.reset_token_digest == wanted))
    if skipper is None:
        raise HTTPException(400, "That link does not work")
    skipper.password_digest = security.digest(form.password)  # found: hashing-on-event-loop
    await db.commit()
