"""Posts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response, status

from app.auth.dependencies import CurrentUser, Principal, require
from app.auth.roles import Permission
from app.dependencies import DatabaseDep, SessionDep
from app.errors import Conflict, Forbidden, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, IfNoneMatch, tagged, unless_current
from app.idempotency import IdempotencyKey, Once
from app.pagination import Page
from app.posts import service
from app.posts.schemas import PostCreate, PostFilters, PostRead, PostUpdate
from app.routing import APIRouter

router = APIRouter(prefix="/posts", tags=["posts"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=PostRead, responses=problems(Forbidden, Conflict))
async def create_post(
    data: PostCreate,
    request: Request,
    session: SessionDep,
    user: Annotated[Principal, Depends(require(Permission.POSTS_CREATE))],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Create a post; with an `Idempotency-Key` once, however often it is sent."""
    once = await Once.begin(request, session, user, idempotency_key)
    post = await service.create_post(session, data, user)
    location = f"/api/v1/posts/{post.id}"
    return await once.remember(tagged(post, status.HTTP_201_CREATED, location))


@router.get("")
async def list_posts(filters: Annotated[PostFilters, Query()], database: DatabaseDep) -> Page[PostRead]:
    """List posts, page by page."""
    return await service.list_posts(database, filters)


@router.get(
    "/{post_id}",
    response_model=PostRead,
    responses={
        status.HTTP_304_NOT_MODIFIED: {"description": "The client has the current version"},
        **problems(NotFound),
    },
)
async def get_post(post_id: UUID, database: DatabaseDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return a post, unless the client has its current version."""
    post = await service.get_post(database, post_id)
    return unless_current(post, if_none_match)


@router.patch("/{post_id}", response_model=PostRead, responses=problems(NotFound, Conflict, PreconditionFailed))
async def update_post(
    post_id: UUID, data: PostUpdate, session: SessionDep, user: CurrentUser, if_match: IfMatch = None
) -> Response:
    """Change what is sent and leave the rest; with `If-Match`, only if nobody else changed it in the meantime."""
    post = await service.update_post(session, post_id, data, if_match=if_match, user=user)
    return tagged(post)


@router.delete("/{post_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(Forbidden, NotFound, Conflict))
async def delete_post(
    post_id: UUID, session: SessionDep, _user: Annotated[Principal, Depends(require(Permission.POSTS_DELETE))]
) -> None:
    """Delete a post."""
    await service.delete_post(session, post_id)
