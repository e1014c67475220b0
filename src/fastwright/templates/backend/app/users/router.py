"""Endpoints of accounts: the caller's own, and everybody's for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from app.auth.dependencies import CurrentUser, Principal, require
from app.auth.roles import Permission
from app.dependencies import CacheDep, DatabaseDep, SessionDep
from app.errors import Conflict, Forbidden, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, etag
from app.pagination import Page
from app.routing import APIRouter
from app.users import service
from app.users.schemas import ProfileUpdate, UserListParams, UserRead, UserUpdate

router = APIRouter(prefix="/users", tags=["users"])

Manager = Annotated[Principal, Depends(require(Permission.USERS_MANAGE))]


@router.get("/me")
async def read_me(session: SessionDep, caller: CurrentUser, response: Response) -> UserRead:
    """Return the caller's account."""
    user = UserRead.model_validate(await service.get_user(session, caller.user_id))
    response.headers["ETag"] = etag(user)
    return user


@router.patch("/me", responses=problems(PreconditionFailed))
async def update_me(
    session: SessionDep, caller: CurrentUser, changes: ProfileUpdate, response: Response, if_match: IfMatch = None
) -> UserRead:
    """Change the caller's account."""
    user = UserRead.model_validate(await service.update_profile(session, caller.user_id, changes, if_match))
    response.headers["ETag"] = etag(user)
    return user


@router.get("", responses=problems(Forbidden))
async def list_users(
    database: DatabaseDep, _manager: Manager, params: Annotated[UserListParams, Query()]
) -> Page[UserRead]:
    """List accounts."""
    return await service.list_users(database, params)


@router.get("/{user_id}", responses=problems(Forbidden, NotFound))
async def get_user(session: SessionDep, _manager: Manager, user_id: UUID, response: Response) -> UserRead:
    """Return an account."""
    user = UserRead.model_validate(await service.get_user(session, user_id))
    response.headers["ETag"] = etag(user)
    return user


@router.patch("/{user_id}", responses=problems(Forbidden, NotFound, Conflict, PreconditionFailed))
async def update_user(
    session: SessionDep,
    cache: CacheDep,
    _manager: Manager,
    user_id: UUID,
    changes: UserUpdate,
    response: Response,
    if_match: IfMatch = None,
) -> UserRead:
    """Change the role of an account, or close or reopen it; its logins end."""
    user = UserRead.model_validate(await service.update_user(session, cache, user_id, changes, if_match))
    response.headers["ETag"] = etag(user)
    return user
