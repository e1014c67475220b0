from fastapi import APIRouter, Depends, Query

from app.services import Orders

router = APIRouter()


@router.get("/orders/{customer}")
def read_orders(
    customer: int,
    orders: Orders = Depends(),
    limit: int = Query(50, ge=1, le=100),
    offset: int = Query(0, ge=0),
):
    return orders.of(customer, limit=limit, offset=offset)
