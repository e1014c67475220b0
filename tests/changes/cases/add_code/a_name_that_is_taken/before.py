def bounded(value):
    return value
