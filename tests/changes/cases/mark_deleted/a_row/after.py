from datetime import datetime, timezone


def remove(session, order_id: int):
    order = session.get(Order, order_id)
    order.deleted_at = datetime.now(timezone.utc)
    session.commit()
