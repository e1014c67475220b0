def remove(session, order_id: int):
    order = session.get(Order, order_id)
    session.delete(order)
    session.commit()
