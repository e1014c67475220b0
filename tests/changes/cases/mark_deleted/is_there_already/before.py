def remove(session, order):
    order.deleted_at = now()
    audit.delete(order)
