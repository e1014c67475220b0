def wrapper(*args, **kwargs):
    return args
