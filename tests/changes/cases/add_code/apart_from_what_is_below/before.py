limit = 3
Base = object

class Row(Base):
    pass
