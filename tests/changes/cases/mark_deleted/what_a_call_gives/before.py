def remove(db, order_id: int):
    db.delete(find(db, order_id))
    db.commit()
