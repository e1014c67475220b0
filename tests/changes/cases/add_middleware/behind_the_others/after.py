from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

app = FastAPI()
app.add_middleware(
    GZipMiddleware, minimum_size=500
)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.state.x = 1
