from sqlmodel import Field, Relationship, Session, SQLModel, create_engine

engine = create_engine("sqlite:///clinic.db")


class Doctor(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    password_digest: str
    is_superuser: bool = False
    visits: list["Visit"] = Relationship(back_populates="doctor")


class Visit(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    doctor_id: int = Field(foreign_key="doctor.id", index=True)
    patient_name: str
    notes: str = ""
    doctor: Doctor | None = Relationship(back_populates="visits")


def open_session():
    with Session(engine) as session:
        yield session
