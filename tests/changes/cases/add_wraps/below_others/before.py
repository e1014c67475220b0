import functools


def timed(function):
    @functools.cache
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
