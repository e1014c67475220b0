"""Liveness (is the process there) and readiness (can it serve), for orchestrators and not for the API's clients."""

import asyncio
from typing import Annotated, Literal, cast

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from app.database import Database
from app.errors import ServiceUnavailable
from app.shared import SharedServer

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)

PATIENCE_SECONDS = 3


class Health(BaseModel):
    """The state of the service."""

    status: Annotated[
        Literal["ok", "degraded"],
        Field(description="`degraded`: it serves, and what processes share is away; what does not serve answers 503."),
    ]


@router.get("/live")
async def get_liveness() -> Health:
    """Answer as long as the process can answer at all."""
    return Health(status="ok")


@router.get("/ready")
async def get_readiness(request: Request) -> Health:
    """Answer 200 if the database answers, 503 otherwise; without Redis it goes on, and says `degraded`."""
    database = cast("Database", request.app.state.database)
    shared = cast("SharedServer | None", request.app.state.shared)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await database.ping()
    except (SQLAlchemyError, OSError) as error:  # a timeout is an OSError
        raise ServiceUnavailable("the database does not answer") from error
    is_whole = shared is None or await shared.is_there()
    return Health(status="ok" if is_whole else "degraded")
