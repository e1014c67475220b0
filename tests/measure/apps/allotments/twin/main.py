from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite:///allotments.db")


class Plot(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    number: int
    area: int


class Bed(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    crop: str
    plot_id: int = Field(foreign_key="plot.id")


class PlotRead(BaseModel):
    number: int
    crops: list[str]


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/plots")
def read_plots(session: Session = Depends(get_session)) -> list[PlotRead]:
    plots = session.exec(select(Plot).order_by(Plot.number, Plot.id).limit(60)).all()
    crops: dict[int, list[str]] = {}
    for bed in session.exec(select(Bed).where(Bed.plot_id.in_({plot.id for plot in plots})).order_by(Bed.id)):
        crops.setdefault(bed.plot_id, []).append(bed.crop)
    return [PlotRead(number=plot.number, crops=crops.get(plot.id, [])) for plot in plots]
