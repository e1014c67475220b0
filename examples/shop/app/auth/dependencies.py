"""What endpoints ask for to know who is calling, and what the auth endpoints work with."""

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

import structlog
from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from app.auth.passwords import PasswordHasher
from app.auth.principals import Principal, find_principal
from app.auth.roles import Permission
from app.auth.sessions import Client
from app.auth.throttle import Throttle
from app.auth.tokens import InvalidTokenError, decode_access_token
from app.dependencies import SettingsDep
from app.errors import Forbidden, Unauthenticated
from app.rate_limit import client_address

__all__ = ["ClientDep", "CurrentUser", "HasherDep", "Principal", "ThrottleDep", "current_principal", "require"]

bearer = OAuth2PasswordBearer("/api/v1/auth/token", refreshUrl="/api/v1/auth/refresh", auto_error=False)


class CallerByToken(SecurityBase):
    """The caller, by their token: one dependency and not two, since FastAPI takes longer over each than this takes."""

    model = bearer.model
    scheme_name = bearer.scheme_name

    async def __call__(self, request: Request) -> Principal:
        """Return the caller, or answer 401: `invalid_token` if a token came, no reason if none did (RFC 6750 3.1)."""
        token = await bearer(request)
        if token is None:
            raise Unauthenticated
        state = request.app.state
        try:
            claims = decode_access_token(state.settings, token)
        except InvalidTokenError:
            raise _invalid_token() from None
        principal = await find_principal(state.database, state.cache, state.settings, claims)
        if principal is None:
            raise _invalid_token()
        user_id = str(principal.user_id)
        request.scope["user_id"] = user_id  # for the access log, which is written outside of this context
        structlog.contextvars.bind_contextvars(user_id=user_id)
        return principal


current_principal = CallerByToken()
CurrentUser = Annotated[Principal, Depends(current_principal)]


def require(permission: Permission) -> Callable[[Principal], Awaitable[Principal]]:
    """Return the dependency that lets only callers with `permission` pass (ASVS 8.2.1, 8.3.1)."""

    async def check(caller: CurrentUser) -> Principal:
        if not caller.can(permission):
            raise Forbidden
        return caller

    return check


async def get_hasher(request: Request) -> PasswordHasher:
    return cast("PasswordHasher", request.app.state.hasher)


async def get_throttle(request: Request, settings: SettingsDep) -> Throttle:
    return Throttle(request.app.state.limiter, settings, client_address(request.scope))


async def get_client(request: Request) -> Client:
    agent = "".join(character for character in request.headers.get("User-Agent", "") if character.isprintable())
    return Client(address=request.client.host if request.client else "", user_agent=agent[:200])


HasherDep = Annotated[PasswordHasher, Depends(get_hasher)]
ThrottleDep = Annotated[Throttle, Depends(get_throttle)]
ClientDep = Annotated[Client, Depends(get_client)]


def _invalid_token() -> Unauthenticated:
    return Unauthenticated(
        "the access token is not valid, or no longer", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
    )
