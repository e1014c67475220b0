from typing import List

from fastapi import APIRouter, BackgroundTasks, Depends, status

from backend.dependencies import get_order_service
from backend.dto.order import OrderCreateDTO, OrderDTO, OrderSummaryDTO
from backend.services.mailer import Mailer, get_mailer
from backend.services.order_service import OrderService

router = APIRouter(prefix="/orders", tags=["Orders"])


@router.post(path="/", response_model=OrderDTO, status_code=status.HTTP_201_CREATED)
async def place_order(
    dto: OrderCreateDTO,
    background_tasks: BackgroundTasks,
    service: OrderService = Depends(get_order_service),
    mailer: Mailer = Depends(get_mailer),
):
    order = await service.place_order(dto)
    background_tasks.add_task(mailer.order_confirmation, order.customer_email, order.id)
    return order


@router.get(path="/", response_model=List[OrderSummaryDTO], status_code=status.HTTP_200_OK)
async def get_orders(state: str = "new", service: OrderService = Depends(get_order_service)):
    return await service.list_by_state(state)


@router.get(path="/{order_id}", response_model=OrderDTO, status_code=status.HTTP_200_OK)
async def get_order(order_id: int, service: OrderService = Depends(get_order_service)):
    return await service.get_order(order_id)


@router.post(path="/{order_id}/ship", response_model=OrderDTO, status_code=status.HTTP_200_OK)
async def ship_order(order_id: int, service: OrderService = Depends(get_order_service)):
    return await service.mark_shipped(order_id)
