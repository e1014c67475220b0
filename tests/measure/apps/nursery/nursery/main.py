from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from nursery.repositories import PlantRepository
from nursery.services import Offer, OfferService

engine = create_engine("sqlite:///nursery.db")


def get_service() -> Iterator[OfferService]:
    with Session(engine) as session:
        yield OfferService(PlantRepository(session))


Service = Annotated[OfferService, Depends(get_service)]
router = APIRouter(prefix="/offers")


@router.get("/")
def offers(service: Service, count: int = 40) -> list[Offer]:
    return service.offers(count)


@router.get("/size")
def size(service: Service) -> int:
    return service.size()


def create_app() -> FastAPI:
    app = FastAPI(title="Nursery")
    app.include_router(router)
    return app


app = create_app()
