"""What grew over the years: wrappers, handlers, shadowed routes, a key in a header, a size limit."""

import time
from typing import List, Optional

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

API_KEY = "s3cret-key"


class Problem(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text


class Ticket(BaseModel):
    subject: str = Field(..., max_length=30)
    priority: int = Field(3, ge=1, le=5)
    note: Optional[str]


class TicketOut(BaseModel):
    id: int
    subject: str
    priority: int


def timed(function):
    def wrapper(*args, **kwargs):
        start = time.time()
        result = function(*args, **kwargs)
        print(time.time() - start)
        return result

    return wrapper


@timed
def pagination(limit: int = 10, offset: int = 0):
    return {"limit": limit, "offset": offset}


def require_key(x_api_key: str = Header(None)):
    if x_api_key != API_KEY:
        raise HTTPException(status_code=401, detail="Invalid API key")


def valid_region(region: str = "eu"):
    if region not in ("eu", "us", "asia"):
        raise HTTPException(status_code=400, detail=f"unknown region {region}")
    return region


app = FastAPI()
users = APIRouter(prefix="/users")
TICKETS: dict = {"a1": {"id": 1, "subject": "printer", "priority": 2}}


@app.exception_handler(RequestValidationError)
async def hide(request: Request, exc: RequestValidationError):
    return JSONResponse(status_code=400, content={"error": "bad request"})


@app.exception_handler(Problem)
async def problem(request: Request, exc: Problem):
    return JSONResponse(status_code=exc.status, content={"error": exc.text})


@app.middleware("http")
async def limit_size(request: Request, call_next):
    if int(request.headers.get("content-length") or 0) > 2000:
        return JSONResponse(status_code=413, content={"error": "too large"})
    return await call_next(request)


@users.get("/{user_id}")
def read_user(user_id: int):
    return user_id


@users.get("/me")
def read_me():
    return "me"


@app.get("/tickets")
def list_tickets(page: dict = Depends(pagination)):
    return page


@app.post("/tickets", dependencies=[Depends(require_key)])
def create_ticket(ticket: Ticket):
    return ticket


@app.get("/tickets/{key}", response_model=TicketOut)
def read_ticket(key: str):
    try:
        return TICKETS[key]
    except KeyError:
        raise Problem(404, "no ticket " + key)


@app.put("/tickets/{key}", response_model=TicketOut)
def update_ticket(key: str, ticket: Ticket):
    if key not in TICKETS:
        raise Problem(404, "no ticket " + key)
    return {"id": 1, "subject": ticket.subject}


@app.get("/reports")
def reports(ids: List[int]):
    return ids


@app.get("/regions")
def regions(region: str = Depends(valid_region)):
    return region


@app.post("/average")
def average(numbers: List[float]):
    return sum(numbers) / len(numbers)


@app.post("/tickets/{key}/close")
def close(key: str, reason: str = "done"):
    ticket = TICKETS[key]
    return {"closed": ticket["id"], "by": ticket["assignee"]["name"]}


app.include_router(users)
