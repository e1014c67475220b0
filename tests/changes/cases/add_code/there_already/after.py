LIMIT = 3


def bounded(value: int) -> int:
    return min(value, LIMIT)
