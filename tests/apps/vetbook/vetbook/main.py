from fastapi import FastAPI

from vetbook.db import Base, engine
from vetbook.patients.router import router as patients_router
from vetbook.users.router import router as users_router
from vetbook.visits.router import router as visits_router

app = FastAPI(title="Vetbook")

app.include_router(users_router)
app.include_router(patients_router)
app.include_router(visits_router)


@app.on_event("startup")
def create_tables():
    Base.metadata.create_all(engine)
