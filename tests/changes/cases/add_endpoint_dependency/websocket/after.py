from fastapi import Depends, FastAPI, WebSocket

from app.auth import get_user

app = FastAPI()


@app.websocket("/ws", dependencies=[Depends(get_user)])
async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
