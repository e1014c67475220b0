import functools


def timed(function):
    async def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
