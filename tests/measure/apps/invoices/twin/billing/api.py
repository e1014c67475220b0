from decimal import Decimal

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from billing.models import Invoice

Local = sessionmaker(create_engine("sqlite:///billing.db"))
app = FastAPI()


class InvoiceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    customer: str
    total: Decimal


def get_session():
    with Local() as session:
        yield session


@app.get("/invoices", response_model=list[InvoiceOut])
def invoices(limit: int = 50, session: Session = Depends(get_session)):
    return (
        session.execute(
            select(Invoice)
            .options(selectinload(Invoice.lines))
            .order_by(Invoice.number)
            .limit(limit)
        )
        .scalars()
        .all()
    )


@app.get("/invoices/{number}", response_model=InvoiceOut)
def invoice(number: int, session: Session = Depends(get_session)):
    found = session.get(Invoice, number)
    if found is None:
        raise HTTPException(404)
    return found
