limit = 3


def bounded(value: int) -> int:
    return min(value, 3)


Base = object

class Row(Base):
    pass
