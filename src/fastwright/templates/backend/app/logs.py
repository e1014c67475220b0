"""Structured logs: one JSON object a line, with the request id, and without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from app.settings import Settings

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "api_key")
REDACTED = "[redacted]"


def configure_logging(settings: Settings) -> None:
    """Send the application's and the libraries' logs to standard output as JSON lines."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            redact,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, handlers=[_StructlogHandler()], force=True)
    logging.getLogger("uvicorn.access").disabled = True  # the middleware writes a better line


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of keys that sound like a secret (CWE-532)."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = REDACTED
    return event


def _dumps(event: Any, **_options: Any) -> bytes:
    return orjson.dumps(event, default=str)


class _StructlogHandler(logging.Handler):
    """Hands records of the standard library's loggers to structlog, so that all lines look the same."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger().bind(logger=record.name)
        logger.log(record.levelno, record.getMessage(), exc_info=record.exc_info)
