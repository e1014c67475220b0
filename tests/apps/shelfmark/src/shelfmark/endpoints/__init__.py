from . import auth, books, entries

ROUTERS = [auth.router, books.router, entries.router]
