"""Hear of every exception that a request raises, also where a handler or a middleware makes something else of it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from fastwright.project.probe.foreign import foreign

_App = Callable[[Any, Any, Any], Awaitable[None]]


class Heard:
    """An exception with its traceback, which Starlette takes away from it as soon as it was handled."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.trace: Any = None


class Ear:
    """Listens at the exception handlers of all apps, and right before their routes."""

    def __init__(self, apps: list[Any]) -> None:
        self._apps = apps
        self.heard: list[Heard] = []
        self.reached = False

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

    def forget(self) -> None:
        """Forget what was heard while the app started."""
        self.heard.clear()
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

    def _listen_to(self, kind: Any) -> None:
        make: Any = kind.__init__

        def made(error: Any, *arguments: Any, **options: Any) -> None:
            make(error, *arguments, **options)
            self.hear(error)

        kind.__init__ = made


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
