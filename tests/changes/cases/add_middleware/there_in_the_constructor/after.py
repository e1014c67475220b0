from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
app = FastAPI(middleware=[Middleware(CORSMiddleware, allow_origins=["*"])])
