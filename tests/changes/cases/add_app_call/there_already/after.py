from fastapi import FastAPI

from app import errors

app = FastAPI()
errors.install_error_handlers(app)
