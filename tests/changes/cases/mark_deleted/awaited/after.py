import datetime as dt


async def remove(session, order_id: int) -> dt.date:
    order = await session.get(Order, order_id)
    # for ever
    order.deleted_at = dt.datetime.now(dt.timezone.utc)
    return dt.date.today()
