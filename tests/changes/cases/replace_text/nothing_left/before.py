def total():
    return 1


def count():
    return 2
