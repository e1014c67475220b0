from fastapi import FastAPI

from studio.routes import router

app = FastAPI()
app.include_router(router)
