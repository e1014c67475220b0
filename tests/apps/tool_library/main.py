# tool library of our street
# everything is in this one file on purpose, it is small enough

import datetime
import hashlib
import os
import secrets

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Text, create_engine, or_
from sqlalchemy.orm import Session, declarative_base, relationship, sessionmaker

DB_URL = os.getenv("DB_URL", "sqlite:///./tools.db")
JWT_SECRET = os.getenv("JWT_SECRET", "change-me-before-you-put-this-online-please")

engine = create_engine(DB_URL, connect_args={"check_same_thread": False} if DB_URL.startswith("sqlite") else {})
SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)
Base = declarative_base()


# ---------------------------------------------------------------- tables


class Member(Base):
    __tablename__ = "members"

    id = Column(Integer, primary_key=True, index=True)
    email = Column(String(200), unique=True, index=True, nullable=False)
    display_name = Column(String(80), nullable=False)
    pw_salt = Column(String(32), nullable=False)
    pw_hash = Column(String(128), nullable=False)
    is_keeper = Column(Boolean, default=False)  # keepers have the key to the shed

    loans = relationship("Loan", back_populates="member")


class Tool(Base):
    __tablename__ = "tools"

    id = Column(Integer, primary_key=True, index=True)
    name = Column(String(120), nullable=False, index=True)
    notes = Column(Text, default="")
    shelf = Column(String(10))
    retired = Column(Boolean, default=False)

    loans = relationship("Loan", back_populates="tool", cascade="all, delete-orphan")


class Loan(Base):
    __tablename__ = "loans"

    id = Column(Integer, primary_key=True, index=True)
    tool_id = Column(Integer, ForeignKey("tools.id"), nullable=False)
    member_id = Column(Integer, ForeignKey("members.id"), nullable=False)
    taken_on = Column(Date, default=datetime.date.today)
    due_on = Column(Date)
    returned_on = Column(Date, nullable=True)

    tool = relationship("Tool", back_populates="loans")
    member = relationship("Member", back_populates="loans")


Base.metadata.create_all(bind=engine)


# ---------------------------------------------------------------- what goes in and out


class MemberIn(BaseModel):
    email: str
    display_name: str
    password: str


class MemberOut(BaseModel):
    id: int
    email: str
    display_name: str

    model_config = {"from_attributes": True}


class LoginIn(BaseModel):
    email: str
    password: str


class ToolIn(BaseModel):
    name: str
    notes: str = ""
    shelf: str | None = None


class ToolOut(ToolIn):
    id: int
    retired: bool

    model_config = {"from_attributes": True}


class LoanIn(BaseModel):
    tool_id: int
    days: int = 7


class LoanOut(BaseModel):
    id: int
    taken_on: datetime.date
    due_on: datetime.date
    returned_on: datetime.date | None
    tool: ToolOut
    member: MemberOut

    model_config = {"from_attributes": True}


# ---------------------------------------------------------------- helpers


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def hash_pw(password: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 60_000).hex()


def make_token(member: Member) -> str:
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=12)
    return jwt.encode({"sub": str(member.id), "exp": expires}, JWT_SECRET, algorithm="HS256")


bearer = HTTPBearer()


def current_member(creds: HTTPAuthorizationCredentials = Depends(bearer), db: Session = Depends(get_db)):
    try:
        payload = jwt.decode(creds.credentials, JWT_SECRET, algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401, detail="token is invalid or too old")
    member = db.query(Member).filter(Member.id == int(payload["sub"])).first()
    if member is None:
        raise HTTPException(status_code=401, detail="who are you?")
    return member


def keeper_only(member: Member = Depends(current_member)):
    if not member.is_keeper:
        raise HTTPException(status_code=403, detail="only for people with the key to the shed")
    return member


app = FastAPI(title="Tool library")


# ---------------------------------------------------------------- members


@app.get("/")
def index():
    return {"hello": "neighbour"}


@app.post("/signup", response_model=MemberOut, status_code=201)
def signup(data: MemberIn, db: Session = Depends(get_db)):
    if db.query(Member).filter(Member.email == data.email.lower()).first():
        raise HTTPException(400, "that address is taken")
    salt = secrets.token_hex(16)
    member = Member(
        email=data.email.lower(),
        display_name=data.display_name,
        pw_salt=salt,
        pw_hash=hash_pw(data.password, salt),
        is_keeper=db.query(Member).count() == 0,  # first one in gets the key
    )
    db.add(member)
    db.commit()
    db.refresh(member)
    return member


@app.post("/login")
def login(data: LoginIn, db: Session = Depends(get_db)):
    member = db.query(Member).filter(Member.email == data.email.lower()).first()
    if not member or not secrets.compare_digest(member.pw_hash, hash_pw(data.password, member.pw_salt)):
        raise HTTPException(401, "wrong address or password")
    return {"token": make_token(member)}


@app.get("/me", response_model=MemberOut)
def me(member: Member = Depends(current_member)):
    return member


# ---------------------------------------------------------------- tools


@app.get("/tools", response_model=list[ToolOut])
def list_tools(
    q: str | None = None,
    skip: int = 0,
    limit: int = Query(50, le=200),
    db: Session = Depends(get_db),
):
    query = db.query(Tool).filter(Tool.retired == False)  # noqa: E712
    if q:
        query = query.filter(or_(Tool.name.ilike(f"%{q}%"), Tool.notes.ilike(f"%{q}%")))
    return query.order_by(Tool.name).offset(skip).limit(limit).all()


@app.get("/tools/{tool_id}", response_model=ToolOut)
def get_tool(tool_id: int, db: Session = Depends(get_db)):
    tool = db.query(Tool).filter(Tool.id == tool_id).first()
    if not tool:
        raise HTTPException(404, "no such tool")
    return tool


@app.post("/tools", response_model=ToolOut, status_code=201)
def add_tool(data: ToolIn, db: Session = Depends(get_db), keeper: Member = Depends(keeper_only)):
    tool = Tool(**data.model_dump())
    db.add(tool)
    db.commit()
    db.refresh(tool)
    return tool


@app.put("/tools/{tool_id}", response_model=ToolOut)
def change_tool(tool_id: int, data: ToolIn, db: Session = Depends(get_db), keeper: Member = Depends(keeper_only)):
    tool = db.query(Tool).filter(Tool.id == tool_id).first()
    if not tool:
        raise HTTPException(404, "no such tool")
    for k, v in data.model_dump().items():
        setattr(tool, k, v)
    db.commit()
    return tool


# we never really delete, loans point at them
@app.delete("/tools/{tool_id}", status_code=204, dependencies=[Depends(keeper_only)])
def retire_tool(tool_id: int, db: Session = Depends(get_db)):
    tool = db.query(Tool).filter(Tool.id == tool_id).first()
    if not tool:
        raise HTTPException(404, "no such tool")
    tool.retired = True
    db.commit()


# ---------------------------------------------------------------- loans


@app.get("/loans", response_model=list[LoanOut])
def who_has_what(db: Session = Depends(get_db), member: Member = Depends(current_member)):
    return db.query(Loan).filter(Loan.returned_on == None).order_by(Loan.due_on).all()  # noqa: E711


@app.post("/loans", response_model=LoanOut, status_code=201)
def take(data: LoanIn, db: Session = Depends(get_db), member: Member = Depends(current_member)):
    tool = db.query(Tool).filter(Tool.id == data.tool_id, Tool.retired == False).first()  # noqa: E712
    if not tool:
        raise HTTPException(404, "no such tool")
    out = db.query(Loan).filter(Loan.tool_id == tool.id, Loan.returned_on == None).first()  # noqa: E711
    if out:
        raise HTTPException(409, f"{out.member.display_name} has it until {out.due_on}")
    loan = Loan(
        tool_id=tool.id,
        member_id=member.id,
        due_on=datetime.date.today() + datetime.timedelta(days=data.days),
    )
    db.add(loan)
    db.commit()
    db.refresh(loan)
    return loan


@app.post("/loans/{loan_id}/return", response_model=LoanOut)
def bring_back(loan_id: int, db: Session = Depends(get_db), member: Member = Depends(current_member)):
    loan = db.query(Loan).get(loan_id)
    if not loan:
        raise HTTPException(404, "no such loan")
    if loan.member_id != member.id and not member.is_keeper:
        raise HTTPException(403, "not yours")
    loan.returned_on = datetime.date.today()
    db.commit()
    return loan


@app.get("/overdue")
def overdue(db: Session = Depends(get_db), keeper: Member = Depends(keeper_only)):
    late = db.query(Loan).filter(Loan.returned_on == None, Loan.due_on < datetime.date.today()).all()  # noqa: E711
    return [{"tool": l.tool.name, "member": l.member.display_name, "since": l.due_on} for l in late]
