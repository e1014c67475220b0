"""What endpoints may ask for: the session and the services that live as long as the application."""

from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from app.cache import Cache
from app.database import Database, get_session
from app.settings import Settings
from app.outbox import Tasks

# Function scope: the transaction ends before the response starts, so a failed commit is an error and not a success.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]


async def get_request_settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


async def get_database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


async def get_cache(request: Request) -> Cache:
    return cast("Cache", request.app.state.cache)


async def get_tasks(request: Request, session: SessionDep) -> Tasks:
    """Return where to leave work that is part of the request's transaction, and is done after it."""
    return Tasks(session, request.app.state.tasks)


SettingsDep = Annotated[Settings, Depends(get_request_settings)]
DatabaseDep = Annotated[Database, Depends(get_database)]
CacheDep = Annotated[Cache, Depends(get_cache)]
TasksDep = Annotated[Tasks, Depends(get_tasks, scope="function")]
