class CRUDBase:
    def __init__(self, model):
        self.model = model

    def list(self, db, *, skip=0, limit=100):
        return db.query(self.model).offset(skip).limit(limit).all()

    def other(self, db):
        return db.query(self.model).count()
