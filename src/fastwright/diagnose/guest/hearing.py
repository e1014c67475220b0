"""Hear of every exception that a request raises, also where a handler or a middleware makes something else of it."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from fastwright.project.probe.foreign import foreign

_App = Callable[[Any, Any, Any], Awaitable[None]]


class Heard:
    """An exception with its traceback, which Starlette takes away from it as soon as it was handled."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.trace: Any = None


class Returned(Exception):
    """A refusal that code of the app returned, and did not raise."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status_code = status
        self.detail = detail


class Ear:
    """Listens at the exception handlers of all apps, and right before their routes."""

    def __init__(self, apps: list[Any], root: str) -> None:
        self._apps = apps
        self._root = os.path.realpath(root) + os.sep
        self.heard: list[Heard] = []
        self.reached = False
        self._returned: list[Heard] = []

    def listen(self) -> None:
        """Stand before the handlers and the routes; the app must not have been called yet."""
        for app in self._apps:
            handlers: dict[Any, Any] = getattr(app, "exception_handlers", {})
            for key, handler in list(handlers.items()):
                handlers[key] = self._handling(handler)
            if hasattr(app, "user_middleware"):
                app.user_middleware.append(foreign("starlette.middleware").Middleware(_Door, ear=self))
                app.middleware_stack = None
        self._listen_to_validation()
        self._listen_to_responses()

    def told(self, status: int | None) -> list[Heard]:
        """Return what was raised; if nothing was, the refusal that the app returned with this status."""
        same: list[Heard] = [one for one in self._returned if getattr(one.error, "status_code", None) == status]
        return self.heard or same[-1:]

    def forget(self) -> None:
        """Forget what was heard while the app started."""
        self.heard.clear()
        self._returned.clear()
        self.reached = False

    def hear(self, error: BaseException) -> None:
        known = next((one for one in self.heard if one.error is error), None)
        if known is None:
            known = Heard(error)
            self.heard.append(known)
        known.trace = error.__traceback__ or known.trace

    def _handling(self, handler: Any) -> Any:
        if inspect.iscoroutinefunction(handler):

            async def heard_and_awaited(request: Any, error: Exception) -> Any:
                self.hear(error)
                return await handler(request, error)

            return heard_and_awaited

        def heard(request: Any, error: Exception) -> Any:
            self.hear(error)
            return handler(request, error)

        return heard

    def _listen_to_validation(self) -> None:
        """Hear of refused requests where they are refused: a route class of the app may make another error of it."""
        exceptions = foreign("fastapi.exceptions")
        for name in ("RequestValidationError", "ResponseValidationError"):
            self._listen_to(getattr(exceptions, name))

    def _listen_to_responses(self) -> None:
        kind: Any = foreign("starlette.responses").Response
        make = kind.__init__

        def made(response: Any, *arguments: Any, **options: Any) -> None:
            make(response, *arguments, **options)
            frame = _maker(response) if 400 <= response.status_code < 500 else None
            if frame is not None and os.path.realpath(frame.f_code.co_filename).startswith(self._root):
                heard = Heard(Returned(response.status_code, bytes(response.body).decode("utf-8", "replace")))
                heard.trace = TracebackType(None, frame, frame.f_lasti, frame.f_lineno)
                self._returned.append(heard)

        kind.__init__ = made

    def _listen_to(self, kind: Any) -> None:
        make: Any = kind.__init__

        def made(error: Any, *arguments: Any, **options: Any) -> None:
            make(error, *arguments, **options)
            self.hear(error)

        kind.__init__ = made


def _maker(response: Any) -> Any:
    """Return the frame in which a response is made: the innermost that does not have it yet."""
    frame: Any = sys._getframe(1)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented
    while any(one is response for one in frame.f_locals.values()):
        frame = frame.f_back
    return frame


class _Door:
    """The innermost middleware: what passes here unhandled is a fault of the server."""

    def __init__(self, app: _App, ear: Ear) -> None:
        self._app = app
        self._ear = ear

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._ear.reached = True
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            self._ear.hear(error)
            raise
