"""Liveness (is the process there) and readiness (can it serve), for orchestrators and not for the API's clients."""

import asyncio
from typing import Annotated, Literal, cast

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from app.database import Database
from app.errors import ServiceUnavailable

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)

PATIENCE_SECONDS = 3


class Health(BaseModel):
    """The state of the service."""

    status: Annotated[Literal["ok"], Field(description="Always `ok`; anything else is an error status.")]


@router.get("/live")
async def get_liveness() -> Health:
    """Answer as long as the process can answer at all."""
    return Health(status="ok")


@router.get("/ready")
async def get_readiness(request: Request) -> Health:
    """Answer 200 if the database answers, 503 otherwise."""
    database = cast("Database", request.app.state.database)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await database.ping()
    except (SQLAlchemyError, OSError) as error:  # a timeout is an OSError
        raise ServiceUnavailable("the database does not answer") from error
    return Health(status="ok")
