from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def report(ids):
    return ids
