"""Who is asking, and may they?"""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from conferly.accounts.models import Account, ApiToken
from conferly.database import DbSession

bearer_scheme = HTTPBearer(scheme_name="token", description="A token from POST /accounts/tokens")
hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)


def new_token() -> tuple[str, str]:
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def matches(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except VerifyMismatchError:
        return False


async def authenticated(
    session: DbSession,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer_scheme)],
) -> Account:
    statement = (
        select(ApiToken)
        .where(ApiToken.digest == digest(credentials.credentials))
        .options(joinedload(ApiToken.account))
    )
    token = await session.scalar(statement)
    if token is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Unknown token", headers={"WWW-Authenticate": "Bearer"})
    return token.account


CurrentAccount = Annotated[Account, Depends(authenticated)]


class RoleChecker:
    """Dependency that lets through only accounts that have one of the roles."""

    def __init__(self, *allowed: str) -> None:
        self.allowed = allowed

    async def __call__(self, account: CurrentAccount) -> Account:
        if account.role.value not in self.allowed:
            raise HTTPException(status.HTTP_403_FORBIDDEN, f"Needs one of: {', '.join(self.allowed)}")
        return account


Admin = Annotated[Account, Depends(RoleChecker("admin"))]
Speaker = Annotated[Account, Depends(RoleChecker("speaker", "admin"))]
