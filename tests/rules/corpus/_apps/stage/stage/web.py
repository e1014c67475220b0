import contextlib
import logging
import subprocess
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Depends, FastAPI, HTTPException, Query, Response
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel import Session, col, select

from stage import doors
from stage.doors import Current
from stage.store import Store, reporting
from stage.tables import (
    Actor,
    ActorIn,
    ActorOut,
    ActorWithContracts,
    Contract,
    ContractIn,
    ContractOut,
    Play,
    PlayOut,
)

log = logging.getLogger("stage")
people = APIRouter(prefix="/actors")
plays = APIRouter(prefix="/plays")
contracts = APIRouter(prefix="/contracts", dependencies=[Depends(doors.current_actor)])


class Knock(BaseModel):
    email: str
    password: str


@people.post("", response_model=ActorOut, status_code=201)
def audition(body: ActorIn, store: Store):
    log.info("audition of %s", body)  # found: secret-in-log
    actor = Actor(**body.model_dump(exclude={"password"}), password_hash=doors.hashed(body.password))  # found: mass-assignment
    store.add(actor)
    store.commit()  # found: unhandled-integrity-error
    store.refresh(actor)
    return actor


@people.post("/knock")
def knock(body: Knock, store: Store, response: Response) -> bool:  # found: unthrottled-login
    actor = store.exec(select(Actor).where(Actor.email == body.email)).first()
    if not actor:
        raise HTTPException(401, "We do not know you")  # found: user-enumeration
    if not doors.is_right(body.password, actor.password_hash):
        raise HTTPException(401, "That is not the word")
    response.set_cookie("stage_ticket", doors.ticket(actor), httponly=True, secure=True)
    return True


@people.get("", response_model=list[ActorWithContracts])
def company(store: Store, limit: Annotated[int, Query(le=50)] = 20):
    return store.exec(select(Actor).limit(limit)).all()  # found: lazy-load-in-response


@people.get("/me")
def myself(actor: Current) -> Actor:  # found: secret-in-response
    return actor


@people.get("/phrases")
def phrases(actor: Annotated[Actor, Depends(doors.director)], store: Store) -> list[str]:
    return list(store.exec(select(Actor.stage_name)))  # found: unpaginated-list


@plays.get("", response_model=list[PlayOut])
def programme(store: Store, page: int = 1, size: int = 30):  # found: unbounded-page-size
    return store.exec(select(Play).offset((page - 1) * size).limit(size)).all()


@plays.get("/find")
def find(store: Store, order: str = "title") -> list[str]:
    return list(store.execute(text("SELECT title FROM play ORDER BY %s LIMIT 20" % order)).scalars())  # found: sql-from-string


@plays.post("", response_model=PlayOut)
def write(store: Store, actor: Annotated[Actor, Depends(doors.director)], title: Annotated[str, Body(embed=True)]):  # found: wrong-success-status
    play = Play(title=title, ticket_price=1)
    store.add(play)
    store.commit()
    store.refresh(play)
    return play


@plays.put("/{play_id}", response_model=PlayOut)
def rewrite(play_id: int, store: Store, title: Annotated[str, Body(embed=True)]):  # found: endpoint-without-auth
    play = store.get(Play, play_id)
    if play is None:
        raise HTTPException(404)
    play.title = title
    store.commit()
    store.refresh(play)
    return play


@plays.get("/{play_id}/applaud")
def applaud(play_id: int, store: Store) -> bool:  # found: write-in-get
    store.execute(text("UPDATE play SET ticket_price = ticket_price + 1 WHERE id = :id"), {"id": play_id})
    store.commit()
    return True


@plays.get("/{play_id}/poster")
async def poster(play_id: int) -> str:
    made = subprocess.check_output(["figlet", str(play_id)])  # found: blocking-call-in-async-endpoint
    return made.decode()


@plays.get("/{play_id}/cast")
def cast(play_id: int, store: Store):  # found: missing-response-model
    names = [row.actor_id for row in store.exec(select(Contract).where(Contract.play_id == play_id).limit(50))]
    found = []
    for name in names:
        found.append(store.get(Actor, name).stage_name)  # found: query-in-loop
    return found


def remember(store: Session, line: str) -> None:
    with contextlib.suppress(Exception):  # found: swallowed-exception
        store.execute(text("INSERT INTO lines VALUES (:line)"), {"line": line})


@contracts.post("", response_model=ContractOut, status_code=201)
def sign(body: ContractIn, store: Store, actor: Current, tasks: BackgroundTasks):
    contract = Contract.model_validate(body)  # found: caller-chosen-identity
    store.add(contract)
    store.commit()  # found: unhandled-integrity-error
    store.refresh(contract)
    tasks.add_task(remember, store, "signed")  # found: request-session-in-background-task
    return contract


@contracts.get("/{contract_id}", response_model=ContractOut)
def read(contract_id: int, store: Store):
    contract = store.get(Contract, contract_id)  # found: unscoped-owner-query
    if contract is None:
        raise HTTPException(404)
    return contract


@contracts.get("/mine", response_model=list[ContractOut])
def mine(store: Store, actor: Current):  # found: shadowed-route
    return store.exec(select(Contract).where(Contract.actor_id == actor.id).limit(100)).all()


@contracts.put("/{contract_id}/wage", status_code=204)
def raise_wage(contract_id: int, body: dict, store: Store, actor: Current) -> None:  # found: unvalidated-body
    contract = store.exec(
        select(Contract).where(col(Contract.id) == contract_id, Contract.actor_id == actor.id)
    ).one_or_none()
    if contract is None:
        raise HTTPException(404)
    try:
        contract.wage = body["wage"]
        store.commit()
    except Exception as broken:
        raise HTTPException(400, detail=f"no raise: {broken!s}") from broken  # found: leaked-exception-detail


@contracts.get("/report/total")
def total() -> int:
    with reporting() as store:
        return len(store.exec(select(Contract.id).limit(1000)).all())


class NewWord(BaseModel):
    ticket: str
    password: str


@people.post("/new-word", status_code=204)
def new_word(body: NewWord, store: Store) -> None:  # found: reusable-reset-token
    actor = store.get(Actor, doors.whose(body.ticket))
    if actor is None:
        raise HTTPException(400)
    actor.password_hash = doors.hashed(body.password)
    store.commit()


app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True, allow_methods=["*"])  # found: credentialed-cors-wildcard
for router in (people, plays, contracts):
    app.include_router(router)
