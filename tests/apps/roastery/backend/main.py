from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from backend.controllers import coffee_controller, order_controller
from backend.database import db_manager
from backend.entities.base import BaseEntity
from backend.services.exceptions import ServiceError


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with db_manager.engine.begin() as connection:
        await connection.run_sync(BaseEntity.metadata.create_all)
    yield
    await db_manager.dispose()


app = FastAPI(title="Roastery", lifespan=lifespan)
app.include_router(coffee_controller.router)
app.include_router(order_controller.router)


@app.exception_handler(ServiceError)
async def service_error_handler(request: Request, exc: ServiceError):
    return JSONResponse(status_code=exc.status_code, content={"detail": str(exc)})
