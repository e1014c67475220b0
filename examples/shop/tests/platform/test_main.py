"""The application starts and stops as a server makes it."""

from starlette.types import Message

from app.main import create_app
from app.settings import Settings


async def test_it_starts_and_stops_through_all_layers(settings: Settings) -> None:
    app = create_app(settings)
    incoming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)

    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
