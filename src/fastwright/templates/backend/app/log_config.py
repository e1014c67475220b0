"""Structured logs: one JSON object a line, with the request id, and without secrets."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any, TextIO

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor
from typing_extensions import override

from app.settings import Settings

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "api_key")
REDACTED = "[redacted]"
TAKEN_OVER = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure_logging(settings: Settings) -> None:
    """Send the application's and the libraries' logs to standard output, all in the same form."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    factory, last = _json_output() if settings.log_json else _readable_output()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=factory,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, handlers=[_StructlogHandler()], force=True)
    for name in TAKEN_OVER:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"  # the middleware writes a better line


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of keys that sound like a secret, at any depth (CWE-532)."""
    for key, value in event.items():
        if _sounds_secret(key):
            event[key] = REDACTED
        elif isinstance(value, Mapping):
            event[key] = redact(_logger, _method, dict(value))
    return event


@lru_cache(maxsize=1000)
def _sounds_secret(key: str) -> bool:
    return any(word in key.lower() for word in SECRET_WORDS)


def _json_output() -> tuple[structlog.BytesLoggerFactory, list[Processor]]:
    # Tracebacks without local variables: those of a login hold its password.
    tracebacks = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    return structlog.BytesLoggerFactory(_output().buffer), [tracebacks, structlog.processors.JSONRenderer(_dumps)]


def _readable_output() -> tuple[structlog.PrintLoggerFactory, list[Processor]]:
    tracebacks = structlog.dev.plain_traceback
    return structlog.PrintLoggerFactory(_output()), [structlog.dev.ConsoleRenderer(exception_formatter=tracebacks)]


def _output() -> TextIO:
    return sys.__stdout__ or sys.stdout  # the real one: whoever replaces `sys.stdout` may close theirs


def _dumps(event: object, **_options: object) -> bytes:
    return orjson.dumps(event, default=str)


class _StructlogHandler(logging.Handler):
    """Hands records of the standard library's loggers to structlog, so that all lines look the same."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger().bind(logger=record.name)
        log.log(record.levelno, record.getMessage(), exc_info=record.exc_info)
