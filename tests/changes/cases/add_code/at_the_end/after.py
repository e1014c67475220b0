import os
from hashlib import sha256
from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/")
def index():  # kept
    return os.getcwd()


# What is stored of it.
def hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@app.get("/two")
def two(response: Response) -> str:
    return hashed("two")


if __name__ == "__main__":
    print("run")
