from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
def read(user_id: int):
    return user_id


# The caller.
@app.get("/users/me")
def read():
    return 0
