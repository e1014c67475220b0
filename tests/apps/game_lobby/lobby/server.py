import secrets
from collections import defaultdict
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, HTTPException, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from .auth import player, socket_player
from .backoffice import backoffice
from .storage import GameTable, Line, Model, Player, db, engine


@asynccontextmanager
async def lifespan(_app):
    Model.metadata.create_all(engine)
    yield


app = FastAPI(title="Lobby", lifespan=lifespan)
app.mount("/backoffice", backoffice)


class Join(BaseModel):
    nick: str = Field(min_length=2, max_length=20, pattern=r"^\w+$")


class OpenTable(BaseModel):
    game: str
    seats: int = Field(4, ge=2, le=12)


class TableView(BaseModel):
    id: int
    game: str
    seats: int
    host: str


class ChatLine(BaseModel, from_attributes=True):
    nick: str
    text: str
    sent: float


class Hall:
    """Open sockets per table. In memory: run one worker only."""

    def __init__(self):
        self.sockets: dict[int, set[WebSocket]] = defaultdict(set)

    async def tell(self, table_id: int, message: dict):
        for socket in list(self.sockets[table_id]):
            await socket.send_json(message)


hall = Hall()


def view(table: GameTable) -> TableView:
    return TableView(id=table.id, game=table.game, seats=table.seats, host=table.host.nick)


@app.get("/ping", response_class=PlainTextResponse, include_in_schema=False)
def ping():
    return "pong"


@app.post("/join", status_code=204)
def join(body: Join, session: Session = Depends(db)):
    if session.scalars(select(Player).where(Player.nick == body.nick)).first():
        raise HTTPException(409, "that nick is taken")
    key = secrets.token_urlsafe(24)
    session.add(Player(nick=body.nick, session_key=key))
    session.commit()
    response = Response(status_code=204)
    response.set_cookie("lobby_session", key, httponly=True, samesite="lax")
    return response


@app.get("/tables", response_model=list[TableView])
def open_tables(session: Session = Depends(db)):
    q = select(GameTable).where(GameTable.closed_at.is_(None)).options(joinedload(GameTable.host))
    return [view(t) for t in session.scalars(q)]


@app.post("/tables", response_model=TableView, status_code=201)
def open_table(body: OpenTable, me: Player = Depends(player), session: Session = Depends(db)):
    table = GameTable(game=body.game, seats=body.seats, host_id=me.id)
    session.add(table)
    session.commit()
    return view(table)


@app.get("/tables/{table_id}/chat", response_model=list[ChatLine], dependencies=[Depends(player)])
def chat_so_far(table_id: int, session: Session = Depends(db)):
    table = session.get(GameTable, table_id)
    if table is None:
        raise HTTPException(404, "no such table")
    return table.chat


@app.websocket("/tables/{table_id}/ws")
async def chat(
    websocket: WebSocket,
    table_id: int,
    me: Player = Depends(socket_player),
    session: Session = Depends(db),
):
    await websocket.accept()
    hall.sockets[table_id].add(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            line = Line(table_id=table_id, nick=me.nick, text=text[:500])
            session.add(line)
            session.commit()
            await hall.tell(table_id, {"nick": line.nick, "text": line.text, "sent": line.sent})
    except WebSocketDisconnect:
        pass
    finally:
        hall.sockets[table_id].discard(websocket)


@app.websocket("/watch")
async def watch(websocket: WebSocket):
    """How many people are at each table; anybody may watch. One message, then goodbye."""
    await websocket.accept()
    await websocket.send_json({str(t): len(s) for t, s in hall.sockets.items() if s})
    await websocket.close()
