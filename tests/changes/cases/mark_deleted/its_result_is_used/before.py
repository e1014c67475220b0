def remove(session, order):
    return session.delete(order)
