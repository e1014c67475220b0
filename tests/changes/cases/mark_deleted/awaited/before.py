import datetime as dt


async def remove(session, order_id: int) -> dt.date:
    order = await session.get(Order, order_id)
    # for ever
    await session.delete(order)
    return dt.date.today()
