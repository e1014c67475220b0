from functools import wraps


def timed(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
