from fastapi import FastAPI

app = FastAPI(
    title='Shop',
)

@app.get('/')
def root():
    return {}
