import os
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index():  # kept
    return os.getcwd()


if __name__ == "__main__":
    print("run")
