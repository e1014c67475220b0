from fastapi import FastAPI

from app.routers import orders

app = FastAPI(
    title='Shop',
)
app.include_router(orders.router, prefix='/orders')

@app.get('/')
def root():
    return {}
