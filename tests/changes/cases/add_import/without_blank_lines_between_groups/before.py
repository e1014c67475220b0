import os
from fastapi import FastAPI
from app.models import User
app = FastAPI()
