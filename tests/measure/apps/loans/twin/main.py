"""Who has which book."""
import datetime as dt

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, Date, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship, sessionmaker

engine = create_engine("sqlite:///loans.db")
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


class Member(Base):
    __tablename__ = "member"
    id = Column(Integer, primary_key=True)
    full_name = Column(String(100), nullable=False)
    card = Column(String(20), unique=True, nullable=False)
    loans = relationship("Loan", back_populates="member")


class Loan(Base):
    __tablename__ = "loan"
    id = Column(Integer, primary_key=True)
    book = Column(String(200), nullable=False)
    due = Column(Date, nullable=False)
    member_id = Column(Integer, ForeignKey("member.id"), nullable=False)
    member = relationship("Member", back_populates="loans")


class LoanOut(BaseModel):
    book: str
    due: dt.date
    member: str


app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/loans", response_model=list[LoanOut])
def loans(db: Session = Depends(get_db)):
    result = []
    for loan in db.query(Loan).options(joinedload(Loan.member)).order_by(Loan.id):
        result.append(LoanOut(book=loan.book, due=loan.due, member=loan.member.full_name))
    return result


@app.get("/members/{member_id}/card")
def card(member_id: int, db: Session = Depends(get_db)):
    member = db.query(Member).filter(Member.id == member_id).first()
    return {"card": member.card if member else None}
