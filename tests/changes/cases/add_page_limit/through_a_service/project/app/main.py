from fastapi import APIRouter, Depends

from app.services import Orders

router = APIRouter()


@router.get("/orders/{customer}")
def read_orders(customer: int, orders: Orders = Depends()):
    return orders.of(customer)
