from fastapi import FastAPI

from app.errors import install_error_handlers
from app.items import router

app = FastAPI(title="shop")  # the one
install_error_handlers(app)
app.add_middleware(Timing)
app.include_router(router)
