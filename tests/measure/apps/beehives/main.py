from fastapi import Depends, FastAPI, HTTPException, Query
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

engine = create_engine("sqlite:///beehives.db", connect_args={"check_same_thread": False})


class HiveBase(SQLModel):
    name: str = Field(index=True)
    frames: int = 10


class Hive(HiveBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    inspections: list["Inspection"] = Relationship(back_populates="hive")


class InspectionBase(SQLModel):
    notes: str
    hive_id: int | None = Field(default=None, foreign_key="hive.id")


class Inspection(InspectionBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    hive: Hive | None = Relationship(back_populates="inspections")


class InspectionPublic(InspectionBase):
    id: int


class HivePublic(HiveBase):
    id: int


class HivePublicWithInspections(HivePublic):
    inspections: list[InspectionPublic] = []


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/hives/", response_model=list[HivePublicWithInspections])
def read_hives(*, session: Session = Depends(get_session), offset: int = 0, limit: int = Query(default=100, le=100)):
    hives = session.exec(select(Hive).offset(offset).limit(limit)).all()
    return hives


@app.get("/hives/{hive_id}", response_model=HivePublic)
def read_hive(*, session: Session = Depends(get_session), hive_id: int):
    hive = session.get(Hive, hive_id)
    if not hive:
        raise HTTPException(status_code=404, detail="Hive not found")
    return hive
