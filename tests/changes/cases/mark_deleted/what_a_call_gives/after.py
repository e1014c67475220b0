from datetime import datetime, timezone


def remove(db, order_id: int):
    find(db, order_id).deleted_at = datetime.now(timezone.utc)
    db.commit()
