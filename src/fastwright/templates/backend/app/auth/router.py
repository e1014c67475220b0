"""Endpoints of registration, logins and passwords. The address of an account never changes what they answer."""

from typing import Annotated
from uuid import UUID

from fastapi import Form

from app.auth import recovery, registration, sessions
from app.auth.dependencies import ClientDep, CurrentUser, HasherDep, ThrottleDep
from app.auth.mails import AccountMail
from app.auth.recovery import InvalidLink
from app.auth.schemas import (
    Accepted,
    ChangePasswordRequest,
    EmailRequest,
    LoginForm,
    LoginList,
    RefreshRequest,
    RegisterRequest,
    ResetPasswordRequest,
    TokenPair,
    VerifyEmailRequest,
)
from app.dependencies import CacheDep, SessionDep, SettingsDep, TasksDep
from app.errors import Forbidden, NotFound, Unauthenticated, problems
from app.routing import APIRouter

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/register", status_code=202)
async def register(
    body: RegisterRequest, session: SessionDep, hasher: HasherDep, throttle: ThrottleDep, tasks: TasksDep
) -> Accepted:
    """Create an account. What comes of it is said by e-mail only."""
    await throttle.count("register", account=body.email)
    await registration.register(
        session,
        hasher,
        email=body.email,
        password=body.password.get_secret_value(),
        display_name=body.display_name,
    )
    tasks.leave(AccountMail.REGISTRATION, email=body.email)
    return Accepted()


@router.post("/verify-email", status_code=204, responses=problems(InvalidLink))
async def verify_email(body: VerifyEmailRequest, session: SessionDep, throttle: ThrottleDep) -> None:
    """Verify the address by the token of the mailed link."""
    await throttle.count("verify-email")
    await registration.verify_email(session, body.token.get_secret_value())


@router.post("/verify-email/resend", status_code=202)
async def resend_verification(body: EmailRequest, throttle: ThrottleDep, tasks: TasksDep) -> Accepted:
    """Send the link once more; the earlier one stops working."""
    await throttle.count("resend", account=body.email)
    tasks.leave(AccountMail.VERIFICATION, email=body.email)
    return Accepted()


@router.post("/token", responses=problems(Unauthenticated))
async def log_in(
    form: Annotated[LoginForm, Form()],
    session: SessionDep,
    settings: SettingsDep,
    hasher: HasherDep,
    throttle: ThrottleDep,
    client: ClientDep,
) -> TokenPair:
    """Log in with e-mail address and password."""
    await throttle.count("login", account=form.username)
    password = form.password.get_secret_value()
    return await sessions.log_in(session, hasher, settings, client, email=form.username, password=password)


@router.post("/refresh", responses=problems(Unauthenticated))
async def refresh(body: RefreshRequest, session: SessionDep, cache: CacheDep, settings: SettingsDep) -> TokenPair:
    """Trade a refresh token for a new pair. A token that comes back later ends its login."""
    return await sessions.refresh(session, cache, settings, body.refresh_token.get_secret_value())


@router.post("/logout", status_code=204)
async def log_out(session: SessionDep, cache: CacheDep, caller: CurrentUser) -> None:
    """End the login that asks."""
    await sessions.end_logins(session, cache, caller.user_id, only=caller.login_id)


@router.post("/logout-all", status_code=204)
async def log_out_everywhere(session: SessionDep, cache: CacheDep, caller: CurrentUser) -> None:
    """End all logins of the caller."""
    await sessions.end_logins(session, cache, caller.user_id)


@router.get("/logins")
async def list_logins(session: SessionDep, caller: CurrentUser) -> LoginList:
    """List where the caller is logged in."""
    return await sessions.list_logins(session, caller)


@router.delete("/logins/{login_id}", status_code=204, responses=problems(NotFound))
async def end_login(login_id: UUID, session: SessionDep, cache: CacheDep, caller: CurrentUser) -> None:
    """End one login of the caller."""
    await sessions.end_own_login(session, cache, caller, login_id)


@router.post("/password/change", status_code=204, responses=problems(Forbidden))
async def change_password(
    body: ChangePasswordRequest,
    session: SessionDep,
    cache: CacheDep,
    hasher: HasherDep,
    throttle: ThrottleDep,
    caller: CurrentUser,
    tasks: TasksDep,
) -> None:
    """Replace the password; all other logins end."""
    await throttle.count("change-password", account=str(caller.user_id))
    email = await recovery.change_password(
        session,
        cache,
        hasher,
        caller,
        current=body.current_password.get_secret_value(),
        new=body.new_password.get_secret_value(),
    )
    tasks.leave(AccountMail.PASSWORD_CHANGED, email=email)


@router.post("/password/reset-request", status_code=202)
async def request_reset(body: EmailRequest, throttle: ThrottleDep, tasks: TasksDep) -> Accepted:
    """Send a link that sets a new password."""
    await throttle.count("reset-request", account=body.email)
    tasks.leave(AccountMail.RESET, email=body.email)
    return Accepted()


@router.post("/password/reset", status_code=204, responses=problems(InvalidLink))
async def reset_password(
    body: ResetPasswordRequest,
    session: SessionDep,
    cache: CacheDep,
    hasher: HasherDep,
    throttle: ThrottleDep,
    tasks: TasksDep,
) -> None:
    """Set a new password by the token of the mailed link; all logins end."""
    await throttle.count("reset")
    email = await recovery.reset_password(
        session, cache, hasher, body.token.get_secret_value(), body.password.get_secret_value()
    )
    tasks.leave(AccountMail.PASSWORD_CHANGED, email=email)
