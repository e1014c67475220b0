from fastapi import Depends, FastAPI

app = FastAPI(title='x')

def guard():
    pass

@app.post('/items/{item_id}/pictures', response_model=dict, status_code=201)
def add_picture(item_id: int):
    return {}
