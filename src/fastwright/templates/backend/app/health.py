"""Liveness (is the process there) and readiness (can it serve), for orchestrators."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from app.database import Database
from app.errors import ServiceUnavailable, problems

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The state of the service."""

    status: Annotated[Literal["ok"], Field(description="Always `ok`; anything else is an error status.")]


@router.get("/live")
async def get_liveness() -> Health:
    """Answer as long as the process can answer at all."""
    return Health(status="ok")


@router.get("/ready", responses=problems(ServiceUnavailable))
async def get_readiness(request: Request) -> Health:
    """Answer 200 if the database answers, 503 otherwise."""
    database: Database = request.app.state.database
    try:
        await database.ping()
    except (SQLAlchemyError, OSError) as error:
        raise ServiceUnavailable("the database does not answer", headers={"Retry-After": "5"}) from error
    return Health(status="ok")
