from fastapi import FastAPI

from .api import admin, meters

app = FastAPI(title="Meterbox", redoc_url=None)
app.include_router(meters)
app.include_router(admin)


@app.get("/alive", tags=["system"])
def alive():
    return "yes"
