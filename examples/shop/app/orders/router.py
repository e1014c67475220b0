"""Orders over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response, status

from app.auth.dependencies import CurrentUser, Principal, require
from app.auth.roles import Permission
from app.dependencies import DatabaseDep, SessionDep
from app.errors import Conflict, Forbidden, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, IfNoneMatch, tagged, unless_current
from app.idempotency import IdempotencyKey, Once
from app.orders import service
from app.orders.schemas import OrderCreate, OrderFilters, OrderRead, OrderUpdate
from app.pagination import Page
from app.routing import APIRouter

router = APIRouter(prefix="/orders", tags=["orders"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=OrderRead, responses=problems(Conflict))
async def create_order(
    data: OrderCreate, request: Request, session: SessionDep, user: CurrentUser, idempotency_key: IdempotencyKey = None
) -> Response:
    """Create an order; with an `Idempotency-Key` once, however often it is sent."""
    once = await Once.begin(request, session, user, idempotency_key)
    order = await service.create_order(session, data, user)
    location = f"/api/v1/orders/{order.id}"
    return await once.remember(tagged(order, status.HTTP_201_CREATED, location))


@router.get("")
async def list_orders(
    filters: Annotated[OrderFilters, Query()], database: DatabaseDep, user: CurrentUser
) -> Page[OrderRead]:
    """List your own orders, page by page."""
    return await service.list_orders(database, filters, user)


@router.get(
    "/{order_id}",
    response_model=OrderRead,
    responses={
        status.HTTP_304_NOT_MODIFIED: {"description": "The client has the current version"},
        **problems(NotFound),
    },
)
async def get_order(
    order_id: UUID, database: DatabaseDep, user: CurrentUser, if_none_match: IfNoneMatch = None
) -> Response:
    """Return an order, unless the client has its current version."""
    order = await service.get_order(database, order_id, user)
    return unless_current(order, if_none_match)


@router.patch("/{order_id}", response_model=OrderRead, responses=problems(NotFound, Conflict, PreconditionFailed))
async def update_order(
    order_id: UUID, data: OrderUpdate, session: SessionDep, user: CurrentUser, if_match: IfMatch = None
) -> Response:
    """Change what is sent and leave the rest; with `If-Match`, only if nobody else changed it in the meantime."""
    order = await service.update_order(session, order_id, data, if_match=if_match, user=user)
    return tagged(order)


@router.delete("/{order_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(Forbidden, NotFound, Conflict))
async def delete_order(
    order_id: UUID, session: SessionDep, _user: Annotated[Principal, Depends(require(Permission.ORDERS_DELETE))]
) -> None:
    """Delete an order."""
    await service.delete_order(session, order_id)
