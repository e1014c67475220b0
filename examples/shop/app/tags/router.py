"""Tags over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response, status

from app.auth.dependencies import Principal, require
from app.auth.roles import Permission
from app.dependencies import DatabaseDep, SessionDep
from app.errors import Conflict, Forbidden, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, IfNoneMatch, tagged, unless_current
from app.idempotency import IdempotencyKey, Once
from app.pagination import Page
from app.routing import APIRouter
from app.tags import service
from app.tags.schemas import TagCreate, TagFilters, TagRead, TagUpdate

router = APIRouter(prefix="/tags", tags=["tags"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=TagRead, responses=problems(Forbidden, Conflict))
async def create_tag(
    data: TagCreate,
    request: Request,
    session: SessionDep,
    user: Annotated[Principal, Depends(require(Permission.TAGS_CREATE))],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Create a tag; with an `Idempotency-Key` once, however often it is sent."""
    once = await Once.begin(request, session, user, idempotency_key)
    tag = await service.create_tag(session, data)
    location = f"/api/v1/tags/{tag.id}"
    return await once.remember(tagged(tag, status.HTTP_201_CREATED, location))


@router.get("")
async def list_tags(filters: Annotated[TagFilters, Query()], database: DatabaseDep) -> Page[TagRead]:
    """List tags, page by page."""
    return await service.list_tags(database, filters)


@router.get(
    "/{tag_id}",
    response_model=TagRead,
    responses={
        status.HTTP_304_NOT_MODIFIED: {"description": "The client has the current version"},
        **problems(NotFound),
    },
)
async def get_tag(tag_id: UUID, database: DatabaseDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return a tag, unless the client has its current version."""
    tag = await service.get_tag(database, tag_id)
    return unless_current(tag, if_none_match)


@router.patch(
    "/{tag_id}", response_model=TagRead, responses=problems(Forbidden, NotFound, Conflict, PreconditionFailed)
)
async def update_tag(
    tag_id: UUID,
    data: TagUpdate,
    session: SessionDep,
    _user: Annotated[Principal, Depends(require(Permission.TAGS_UPDATE))],
    if_match: IfMatch = None,
) -> Response:
    """Change what is sent and leave the rest; with `If-Match`, only if nobody else changed it in the meantime."""
    tag = await service.update_tag(session, tag_id, data, if_match=if_match)
    return tagged(tag)


@router.delete("/{tag_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(Forbidden, NotFound, Conflict))
async def delete_tag(
    tag_id: UUID, session: SessionDep, _user: Annotated[Principal, Depends(require(Permission.TAGS_DELETE))]
) -> None:
    """Delete a tag."""
    await service.delete_tag(session, tag_id)
