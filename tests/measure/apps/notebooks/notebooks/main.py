from fastapi import FastAPI

from notebooks import notes

app = FastAPI()
app.include_router(notes.router)
