"""Rows of every resource, for a run that needs something to look at and to refer to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Record
from tests.factories.categories import make_category
from tests.factories.orders import make_order
from tests.factories.posts import make_post
from tests.factories.products import make_product
from tests.factories.tags import make_tag


@dataclass(frozen=True)
class Kind:
    """A resource: how many rows of it to make, and where the rows that it needs come from."""

    name: str
    make: Callable[..., Awaitable[Record]]
    needs: Mapping[str, str]
    count: int = 2


# In an order in which they can be made.
KINDS: tuple[Kind, ...] = (
    Kind("categories", make_category, {}),
    Kind(
        "products",
        make_product,
        {
            "category_id": "categories",
            "seller_id": "users",
        },
    ),
    Kind(
        "posts",
        make_post,
        {
            "author_id": "users",
        },
    ),
    Kind("tags", make_tag, {}),
    Kind(
        "orders",
        make_order,
        {
            "product_id": "products",
            "buyer_id": "users",
        },
    ),
)


async def make_everything(session: AsyncSession, user_id: UUID) -> dict[str, list[UUID]]:
    """Insert rows of every resource, the user's own where rows have an owner, and return their ids by resource."""
    rows = {"users": [user_id]}
    for kind in KINDS:
        needs = {column: rows[name][0] for column, name in kind.needs.items()}
        rows[kind.name] = [(await kind.make(session, **needs)).id for _ in range(kind.count)]
    return rows
