from fastapi import FastAPI

app = FastAPI()


# The caller.
@app.get("/users/me")
def me():
    return 0


@app.get("/users/{user_id}")
def read(user_id: int):
    return user_id


@app.get("/x")
def other():
    return 1
