"""Categories over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response, status

from app.auth.dependencies import Principal, require
from app.auth.roles import Permission
from app.categories import service
from app.categories.schemas import CategoryCreate, CategoryFilters, CategoryRead, CategoryUpdate
from app.dependencies import DatabaseDep, SessionDep
from app.errors import Conflict, Forbidden, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, IfNoneMatch, tagged, unless_current
from app.idempotency import IdempotencyKey, Once
from app.pagination import Page
from app.routing import APIRouter

router = APIRouter(prefix="/categories", tags=["categories"])


@router.post(
    "", status_code=status.HTTP_201_CREATED, response_model=CategoryRead, responses=problems(Forbidden, Conflict)
)
async def create_category(
    data: CategoryCreate,
    request: Request,
    session: SessionDep,
    user: Annotated[Principal, Depends(require(Permission.CATEGORIES_CREATE))],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Create a category; with an `Idempotency-Key` once, however often it is sent."""
    once = await Once.begin(request, session, user, idempotency_key)
    category = await service.create_category(session, data)
    location = f"/api/v1/categories/{category.id}"
    return await once.remember(tagged(category, status.HTTP_201_CREATED, location))


@router.get("")
async def list_categories(filters: Annotated[CategoryFilters, Query()], database: DatabaseDep) -> Page[CategoryRead]:
    """List categories, page by page."""
    return await service.list_categories(database, filters)


@router.get(
    "/{category_id}",
    response_model=CategoryRead,
    responses={
        status.HTTP_304_NOT_MODIFIED: {"description": "The client has the current version"},
        **problems(NotFound),
    },
)
async def get_category(category_id: UUID, database: DatabaseDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return a category, unless the client has its current version."""
    category = await service.get_category(database, category_id)
    return unless_current(category, if_none_match)


@router.patch(
    "/{category_id}", response_model=CategoryRead, responses=problems(Forbidden, NotFound, Conflict, PreconditionFailed)
)
async def update_category(
    category_id: UUID,
    data: CategoryUpdate,
    session: SessionDep,
    _user: Annotated[Principal, Depends(require(Permission.CATEGORIES_UPDATE))],
    if_match: IfMatch = None,
) -> Response:
    """Change what is sent and leave the rest; with `If-Match`, only if nobody else changed it in the meantime."""
    category = await service.update_category(session, category_id, data, if_match=if_match)
    return tagged(category)


@router.delete(
    "/{category_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(Forbidden, NotFound, Conflict)
)
async def delete_category(
    category_id: UUID, session: SessionDep, _user: Annotated[Principal, Depends(require(Permission.CATEGORIES_DELETE))]
) -> None:
    """Delete a category."""
    await service.delete_category(session, category_id)
