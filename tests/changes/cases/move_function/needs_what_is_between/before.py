from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
def read(user_id: int):
    return user_id


class Me:
    pass


@app.get("/users/me")
def me(me: Me):
    return 0
