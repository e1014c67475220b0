import logging
import time

from fastapi import FastAPI, Request

from relay.auth import InternalAuthMiddleware
from relay.routes import clients, internal, public

log = logging.getLogger("relay")

app = FastAPI(title="hookrelay", docs_url="/")
app.add_middleware(InternalAuthMiddleware)


@app.middleware("http")
async def timing(request: Request, call_next):
    start = time.perf_counter()
    response = await call_next(request)
    took = (time.perf_counter() - start) * 1000
    response.headers["Server-Timing"] = f"app;dur={took:.1f}"
    log.info("%s %s %s %.1fms", request.method, request.url.path, response.status_code, took)
    return response


app.include_router(public)
app.include_router(clients)
app.include_router(internal)
