from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def report(name: str, ids: int):
    return ids
