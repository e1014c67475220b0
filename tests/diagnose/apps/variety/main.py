import enum, uuid, re
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Annotated, Any, Generic, List, Literal, Optional, TypeVar, Union
from typing_extensions import TypedDict
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, File, Form, Header, HTTPException, Path, Query, Request, UploadFile, status
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBasicCredentials, OAuth2PasswordBearer
from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, EmailStr, Field, IPvAnyAddress, PositiveInt, SecretStr, StrictInt, StrictStr, conlist, constr, field_validator, model_validator, PastDate, FutureDate

app = FastAPI(root_path="/svc")
api = APIRouter(prefix="/api")
v1 = APIRouter(prefix="/v1", tags=["v1"])

class Color(enum.IntEnum):
    RED = 1
    BLUE = 2

class Size(enum.Enum):
    small = "S"
    large = "L"

class Filters(BaseModel):
    model_config = {"extra": "forbid"}
    limit: int = Field(100, gt=0, le=100)
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []

@v1.get("/things")
def things(f: Annotated[Filters, Query()]):
    return f

class Common:
    def __init__(self, q: Optional[str] = None, skip: int = 0, limit: int = Query(10, le=50)):
        self.q, self.skip, self.limit = q, skip, limit

@v1.get("/common")
def common(c: Common = Depends()):
    return c.limit

class Hdr(BaseModel):
    host_name: str
    x_trace: int

@v1.get("/hdr")
def hdr(h: Annotated[Hdr, Header()]):
    return h

@dataclass
class Point:
    x: int
    y: int = 0

@v1.post("/points")
def points(p: Point):
    return p

class TD(TypedDict):
    a: int
    b: str

@v1.post("/td")
def td(t: TD):
    return t

@v1.post("/raw")
def raw(d: dict):
    return d

@v1.post("/ids")
def ids(ids: List[int] = Body(..., min_length=1)):
    return ids

def isbn(v: str) -> str:
    digits = v.replace("-", "")
    if len(digits) != 13 or not digits.isdigit():
        raise ValueError("ISBN must have 13 digits")
    return digits

class Book(BaseModel):
    title: Annotated[str, Field(min_length=1)]
    isbn: Annotated[str, AfterValidator(isbn)]
    published: PastDate
    next_edition: Optional[FutureDate] = None
    pages: PositiveInt
    color: Color = Color.RED
    size: Size = Size.small
    price: Decimal = Field(Decimal("1.0"), gt=0)
    authors: conlist(str, min_length=1, max_length=3)
    publisher_email: EmailStr | None = None
    year: int = Field(validation_alias=AliasChoices("year", "publicationYear"), default=2000)
    ip: IPvAnyAddress | None = None
    secret: SecretStr | None = None

    @field_validator("title")
    @classmethod
    def no_html(cls, v):
        if "<" in v:
            raise ValueError("no html allowed")
        return v.strip()

    @field_validator("authors")
    @classmethod
    def uniq(cls, v):
        if len(set(v)) != len(v):
            raise ValueError("authors must be unique")
        return v

BOOK = {}

@v1.post("/books", status_code=201)
def add_book(book: Book):
    return book

class Booking(BaseModel):
    room: int
    check_in: date
    check_out: date
    guests: int
    coupon: str | None = None

    @model_validator(mode="after")
    def chk(self):
        if self.check_in >= self.check_out:
            raise ValueError("check_out must be after check_in")
        if self.coupon and self.guests < 2:
            raise ValueError("coupons are for two or more guests")
        return self

ROOMS = {101: 2, 102: 4}

@v1.post("/bookings")
async def book_room(b: Booking):
    cap = ROOMS.get(b.room)
    if cap is None:
        raise HTTPException(404, f"room {b.room} does not exist")
    if b.guests > cap:
        raise HTTPException(status_code=422, detail="too many guests for this room")
    if (b.check_out - b.check_in).days > 14:
        raise HTTPException(400, detail={"code": "TOO_LONG", "max": 14})
    return b

basic = HTTPBasic()
@v1.get("/secret")
def secret(c: HTTPBasicCredentials = Depends(basic)):
    if c.username != "admin" or c.password != "pw":
        raise HTTPException(401, "nope", headers={"WWW-Authenticate": "Basic"})
    return c.username

key = APIKeyHeader(name="X-Token", auto_error=False)
def need_key(k: str | None = Depends(key)):
    if k is None:
        raise HTTPException(403, "API key missing")
    if k != "letmein":
        raise HTTPException(403, "API key wrong")

@v1.post("/admin/purge", dependencies=[Depends(need_key)])
def purge(days: int = Body(embed=True, ge=1)):
    return days

oauth = OAuth2PasswordBearer(tokenUrl="token")
def user(tok: str = Depends(oauth)) -> dict:
    if not tok.startswith("u-"):
        raise HTTPException(401, "Could not validate credentials")
    return {"name": tok[2:], "roles": ["admin"] if tok == "u-root" else []}

def role(r):
    def dep(u: dict = Depends(user)):
        if r not in u["roles"]:
            raise HTTPException(403, "Not enough permissions")
        return u
    return dep

@v1.delete("/users/{uid}", dependencies=[Depends(role("admin"))])
def del_user(uid: uuid.UUID):
    return {}

@v1.get("/me")
def me(u: dict = Depends(user)):
    return u["name"]

def valid_tenant(x_tenant: str = Header()):
    if not re.fullmatch(r"t-\d+", x_tenant):
        raise HTTPException(400, "X-Tenant header invalid")
    return x_tenant

@v1.get("/tenant")
def tenant(t: str = Depends(valid_tenant)):
    return t

@v1.get("/files/{name:path}")
def files(name: str, raw: bool = False):
    return name

@v1.get("/range")
def rng(start: date, end: date):
    if end < start:
        raise HTTPException(422, "end before start")
    return (end - start).days

@v1.post("/form")
def form(size: Annotated[Size, Form()], agree: Annotated[bool, Form()], n: Annotated[int, Form(ge=1)] = 1):
    return size

@v1.post("/multi")
def multi(a: Point, b: Point, n: int = Body(gt=0)):
    return n

class Out(BaseModel):
    total: int
@v1.get("/out", response_model=Out)
def out():
    return {"total": "many"}

@v1.get("/div/{a}/{b}")
def div(a: int, b: int):
    return a / b

class S(BaseModel):
    n: StrictInt
    s: StrictStr
    when: datetime = Field(strict=True, default=None)

@v1.post("/strict")
def strict(s: S): return {}

@v1.get("/items/{item_id}")
def item(item_id: Annotated[int, Path(gt=0, le=1000)], q: Annotated[str | None, Query(alias="item-query", pattern="^fixed$")] = None, ads: Annotated[str | None, Cookie()] = None):
    return item_id

@v1.get("/teapot/{kind}")
def tea(kind: Literal["green", "black"]): return kind

class Node(BaseModel):
    name: str
    children: list["Node"] = []

@v1.post("/tree")
def tree(n: Node): return {}

@v1.post("/upload")
async def upload(file: UploadFile = File(...)):
    data = await file.read()
    if len(data) > 10_000: raise HTTPException(413, "File too large")
    if not file.filename.endswith(".csv"): raise HTTPException(400, "Only CSV files are allowed")
    return len(data)

USERS = [{"email": "a@b.com"}]
class Reg(BaseModel):
    email: EmailStr
    password: str = Field(min_length=8)
@v1.post("/register")
def register(r: Reg):
    if any(u["email"] == r.email for u in USERS):
        raise HTTPException(409, "Email already registered")
    return {}

api.include_router(v1)
app.include_router(api)
