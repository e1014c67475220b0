"""Products over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from app.auth.dependencies import CurrentUser
from app.dependencies import DatabaseDep, SessionDep
from app.errors import Conflict, NotFound, PreconditionFailed, problems
from app.etag import IfMatch, IfNoneMatch, tagged, unless_current
from app.idempotency import IdempotencyKey, Once
from app.pagination import Page
from app.products import service
from app.products.schemas import ProductCreate, ProductFilters, ProductRead, ProductUpdate
from app.routing import APIRouter

router = APIRouter(prefix="/products", tags=["products"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=ProductRead, responses=problems(Conflict))
async def create_product(
    data: ProductCreate,
    request: Request,
    session: SessionDep,
    user: CurrentUser,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Create a product; with an `Idempotency-Key` once, however often it is sent."""
    once = await Once.begin(request, session, user, idempotency_key)
    product = await service.create_product(session, data, user)
    location = f"/api/v1/products/{product.id}"
    return await once.remember(tagged(product, status.HTTP_201_CREATED, location))


@router.get("")
async def list_products(filters: Annotated[ProductFilters, Query()], database: DatabaseDep) -> Page[ProductRead]:
    """List products, page by page."""
    return await service.list_products(database, filters)


@router.get(
    "/{product_id}",
    response_model=ProductRead,
    responses={
        status.HTTP_304_NOT_MODIFIED: {"description": "The client has the current version"},
        **problems(NotFound),
    },
)
async def get_product(product_id: UUID, database: DatabaseDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return a product, unless the client has its current version."""
    product = await service.get_product(database, product_id)
    return unless_current(product, if_none_match)


@router.patch("/{product_id}", response_model=ProductRead, responses=problems(NotFound, Conflict, PreconditionFailed))
async def update_product(
    product_id: UUID, data: ProductUpdate, session: SessionDep, user: CurrentUser, if_match: IfMatch = None
) -> Response:
    """Change what is sent and leave the rest; with `If-Match`, only if nobody else changed it in the meantime."""
    product = await service.update_product(session, product_id, data, if_match=if_match, user=user)
    return tagged(product)


@router.delete("/{product_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound, Conflict))
async def delete_product(product_id: UUID, session: SessionDep, user: CurrentUser) -> None:
    """Delete a product."""
    await service.delete_product(session, product_id, user)
