"""What the layers around the generated application cost; run in its folder, by its interpreter.

The same request is answered with and without them, in turns and in this process; the least of many rounds is printed.
"""

import asyncio
import os
import sys
import time

from app.main import create_app

REQUESTS = 400
ROUNDS = 15
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "path": "/api/v1/nothing",
    "raw_path": b"/api/v1/nothing",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"localhost"), (b"origin", b"https://app.example.com")],
    "client": ("127.0.0.1", 1),
    "server": ("localhost", 80),
    "scheme": "http",
}


async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_message) -> None:
    return


async def cost(app) -> float:
    started = time.process_time()
    for _ in range(REQUESTS):
        await app({**SCOPE}, receive, send)
    return (time.process_time() - started) / REQUESTS * 1e6


async def main() -> float:
    whole, bare = create_app(), create_app()
    bare.user_middleware = []
    async with whole.router.lifespan_context(whole):
        rounds = [(await cost(whole), await cost(bare)) for _ in range(ROUNDS)]
    with_layers, without = (min(costs) for costs in zip(*rounds, strict=True))
    return with_layers - without


if __name__ == "__main__":
    result = sys.__stderr__
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the access log is written, and goes where nobody reads it
    print(f"{asyncio.run(main()):.0f}", file=result)
