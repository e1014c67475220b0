from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

engine = create_engine("sqlite:///fleet.db")
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Van(Base):
    __tablename__ = "vans"

    id: Mapped[int] = mapped_column(primary_key=True)
    plate: Mapped[str] = mapped_column(unique=True)
    services: Mapped[list["Service"]] = relationship(back_populates="van")

    @hybrid_property
    def last_service(self) -> int:
        return max((service.odometer for service in self.services), default=0)

    @last_service.inplace.expression
    @classmethod
    def _last_service(cls):
        return select(func.max(Service.odometer)).where(Service.van_id == cls.id).scalar_subquery()


class Service(Base):
    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    odometer: Mapped[int]
    van_id: Mapped[int] = mapped_column(ForeignKey("vans.id"))
    van: Mapped[Van] = relationship(back_populates="services")


class VanOut(BaseModel):
    plate: str
    last_service: int

    model_config = {"from_attributes": True}


def get_db():
    with Session(engine) as db:
        yield db


@router.get("/vans")
def vans(db: Session = Depends(get_db)) -> list[VanOut]:
    found = db.query(Van).options(selectinload(Van.services)).order_by(Van.plate).limit(80).all()
    return [VanOut.model_validate(van) for van in found]


@router.get("/vans/serviced")
def serviced(db: Session = Depends(get_db)) -> list[str]:
    return list(db.scalars(select(Van.plate).where(Van.last_service > 0).order_by(Van.plate).limit(80)))


app = FastAPI()
app.include_router(router, prefix="/fleet")
