"""Callers whom no override lets in: secrets that a middleware compares, tokens decoded by hand, and oneself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fastwright.diagnose.inputs import Typed
from fastwright.verbs.explain import Explained, ExplainRequest, explain
from tests.diagnose.scoring import HERE
from tests.mcp.clients import Person, connect, data

CORPUS = HERE.parent / "apps"
BY_HAND = """
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

app = FastAPI()


class Note(BaseModel):
    text: str


class Renewal(BaseModel):
    refresh_token: str


def claims(token: str, kind: str) -> dict:
    try:
        found = jwt.decode(token, "a-key-that-is-long-enough-for-this-test", algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(401, "Invalid token")
    if found["type"] != kind:
        raise HTTPException(401, "Invalid token")
    return found


@app.post("/notes")
def add(note: Note, token: HTTPAuthorizationCredentials = Depends(HTTPBearer())) -> str:
    return claims(token.credentials, "access")["sub"]


@app.post("/renewals")
def renew(renewal: Renewal) -> str:
    return claims(renewal.refresh_token, "refresh")["sub"]
"""


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(BY_HAND, encoding="utf-8")
    return tmp_path


def asked(project: Path, python: Path, endpoint: str, **typed: object) -> Explained:
    told = Typed.model_validate({"endpoint": endpoint, **typed})
    return explain(ExplainRequest(typed=told, project=project, python=python))


def test_a_secret_that_a_middleware_compares_is_sent_and_not_shown(today: Path) -> None:
    found = asked(CORPUS / "hookrelay", today, "POST /internal/deliver", body={})
    assert [(one.cause, one.loc) for one in found.problems] == [("authentication", ("header", "x-internal-secret"))]
    assert found.verified
    assert found.corrected is not None
    assert found.corrected.headers["x-internal-secret"] == "<x-internal-secret>"


@pytest.mark.parametrize("endpoint", ["POST /notes", "POST /renewals"])
def test_examples_are_accepted_where_a_token_is_decoded_by_hand(endpoint: str, by_hand: Path, today: Path) -> None:
    found = asked(by_hand, today, endpoint)
    assert [(one.name, one.status) for one in found.examples] == [("minimal", 200), ("full", 200)]


def test_a_token_that_a_caller_sent_is_not_taken_for_granted(by_hand: Path, today: Path) -> None:
    found = asked(by_hand, today, "POST /renewals", body={"refresh_token": "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"})
    assert [one.cause for one in found.problems] == ["authentication"]


@pytest.mark.slow
def test_the_caller_is_somebody_else_where_one_may_not_do_it_to_oneself(today: Path) -> None:
    found = asked(CORPUS / "conferly", today, "PUT /accounts/{account_id}/role")
    assert [(one.name, one.status) for one in found.examples] == [("minimal", 200), ("full", 200)]


BY_INSTANCE = """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()


class Keepers:
    def __call__(self, token=Depends(HTTPBearer())):
        raise HTTPException(403, "keepers only")


@app.get("/vaults", dependencies=[Depends(Keepers())])
def vaults() -> list[str]:
    return []
"""


def test_a_guard_that_is_an_instance_is_called_as_its_class_is(tmp_path: Path, today: Path) -> None:
    (tmp_path / "main.py").write_text(BY_INSTANCE, encoding="utf-8")
    [problem] = asked(tmp_path, today, "GET /vaults", headers=["Authorization: Bearer a"]).problems
    assert problem.why.startswith('Keepers raised "raise HTTPException(403')


def sources(app: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in app.rglob("*.py")}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.slow
@pytest.mark.anyio
async def test_an_agent_lets_the_app_accept_what_it_refused(tmp_path: Path, today: Path) -> None:
    app = Path(shutil.copytree(HERE / "apps" / "ferry", tmp_path / "ferry"))
    before = sources(app)
    person, arguments = Person(land=True), {"endpoint": "GET /search", "query": ["limit=5"]}
    async with connect(app, python=today, person=person) as client:
        offered = data(await client.call_tool("explain", arguments))
        assert sources(app) == before
        fixed = data(await client.call_tool("explain_fix", arguments))
        after = data(await client.call_tool("explain", arguments))
    assert offered["problems"][0]["cause"] == "optional-without-default"
    assert fixed["landed"] is True
    assert "q: str | None = None" in person.asked[0]
    assert after["verdict"] == "accepted"


OWNED = """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///./notes.db")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    owner: Mapped[Person] = relationship()


class PersonOut(BaseModel):
    id: int
    email: str
    model_config = {"from_attributes": True}


class NoteIn(BaseModel):
    text: str


class NoteOut(NoteIn):
    owner: PersonOut
    model_config = {"from_attributes": True}


def session():
    with Session(engine) as found:
        yield found


def caller(token: str = Depends(OAuth2PasswordBearer("/login")), db: Session = Depends(session)):
    person = db.get(Person, int(token)) if token.isdigit() else None
    if person is None:
        raise HTTPException(401, "Invalid token")
    return person


@app.post("/notes", response_model=NoteOut)
def add(note: NoteIn, db: Session = Depends(session), me: PersonOut = Depends(caller)):
    made = Note(text=note.text, owner_id=me.id)
    db.add(made)
    db.commit()
    return made
"""


def test_an_owner_in_the_answer_is_a_row_where_the_stand_in_is_none(tmp_path: Path, today: Path) -> None:
    (tmp_path / "main.py").write_text(OWNED, encoding="utf-8")
    found = asked(tmp_path, today, "POST /notes")
    assert found.problems == ()
    assert [(one.name, one.status) for one in found.examples] == [("minimal", 200), ("full", 200)]


def test_a_caller_whose_key_is_of_a_type_that_sqlite_does_not_know_is_found_again(tmp_path: Path, today: Path) -> None:
    head = "from uuid import UUID, uuid4\nfrom sqlalchemy import UUID as Key\n"
    text = head + OWNED.replace("Mapped[int]", "Mapped[UUID]").replace("id: int", "id: UUID")
    text = text.replace("(primary_key", "(Key, default=uuid4, primary_key").replace("(ForeignKey", "(Key, ForeignKey")
    text = text.replace("int(token)", "UUID(token)").replace("me: PersonOut", "me: Person")
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    found = asked(tmp_path, today, "POST /notes")
    assert found.problems == ()
    assert [(one.name, one.status) for one in found.examples] == [("minimal", 200), ("full", 200)]


@pytest.mark.slow
def test_a_row_that_cannot_be_made_here_is_no_fault_of_the_app(tmp_path: Path, today: Path) -> None:
    text = OWNED.replace("    email: Mapped[str]\n", "    email: Mapped[str] = mapped_column(Odd)\n", 1)
    odd = """
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


class Odd(TypeDecorator):
    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        raise RuntimeError("nobody can make one")


class Base("""
    text = text.replace("\nclass Base(", odd, 1).replace("me: PersonOut", "me: Person")
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    found = asked(tmp_path, today, "POST /notes")
    assert found.problems == ()
    assert any("could not be made here, so the app was not asked" in note for note in found.notes)
