def retried(times):
    def decorator(call):
        async def inner(*args, **kwargs):
            return await call(*args, **kwargs)

        return inner

    return decorator
