from fastapi import FastAPI
def a():
    app = FastAPI()
    return app
def b():
    app = FastAPI()
    return app
