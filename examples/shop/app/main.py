"""The application: `uvicorn --factory app.main:create_app`."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app import health, prometheus
from app.access import verify_access
from app.api import include_routers
from app.auth.passwords import PasswordHasher
from app.background import Worker
from app.body_limit import BodyLimitMiddleware
from app.cache import make_cache
from app.database import Database
from app.error_handlers import FailureMiddleware, install_error_handlers
from app.limit_storage import make_storage
from app.log_config import configure_logging
from app.middleware import PlatformMiddleware
from app.openapi import install_openapi
from app.outbox import Dispatcher
from app.prometheus import Metrics
from app.public import PUBLIC_OPERATIONS
from app.rate_limit import RateLimitMiddleware
from app.request_counts import Counts, make_counts
from app.settings import Settings, get_settings
from app.shared import SharedServer
from app.tracing import make_telemetry
from app.trusted_hosts import HostMiddleware
from app.work import JOBS, Services, make_services

# While the server that is shared is away, a process alone lets through half as many attempts to log in.
AUTH_WEIGHT = 2
COLLECT_RARELY = (50_000, 20, 20)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application for `settings`, or for those of the environment.

    Raises `RuntimeError` if an endpoint is open that was not declared public.
    """
    settings = settings or get_settings()
    configure_logging(settings)
    shared = SharedServer(settings.redis_url) if settings.redis_url else None
    collected = Metrics()
    routes: dict[object, str] = {}
    app = FastAPI(
        title=settings.project_name,
        lifespan=_lifespan,
        telemetry=make_telemetry(),
        docs_url="/docs" if settings.docs_enabled else None,
        redoc_url="/redoc" if settings.docs_enabled else None,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        redirect_slashes=False,  # the target would be made of the Host header, which the caller chooses
        middleware=_middleware(settings, make_counts(shared), collected, routes),
    )
    app.state.settings = settings
    app.state.metrics = collected
    app.state.shared = shared
    app.state.limiter = FixedWindowRateLimiter(make_storage(shared, weight=AUTH_WEIGHT))
    include_routers(app)
    app.include_router(health.router)
    app.include_router(prometheus.router)
    routes.update({each.endpoint: each.path for each in iter_route_contexts(app.routes) if each.path})
    install_error_handlers(app)
    install_openapi(app)
    verify_access(app, PUBLIC_OPERATIONS)
    return app


def _middleware(settings: Settings, counts: Counts, collected: Metrics, routes: dict[object, str]) -> list[Middleware]:
    """Return the layers, outermost first."""
    return [
        Middleware(PlatformMiddleware, metrics=collected, routes=routes),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID",
            ],
            expose_headers=[
                "ETag", "Location", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
                "WWW-Authenticate", "X-Request-ID",
            ],
        ),
        Middleware(FailureMiddleware),
        Middleware(HostMiddleware, allowed=settings.allowed_hosts),
        Middleware(RateLimitMiddleware, counts=counts, limit=settings.rate_limit),
        Middleware(BodyLimitMiddleware, max_bytes=settings.max_body_bytes),
    ]  # fmt: skip


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold what lives as long as the application, and let it end in order: first the work, then the database."""
    settings: Settings = app.state.settings
    app.state.database = Database(settings)
    app.state.cache = make_cache(app.state.shared)
    app.state.hasher = PasswordHasher(settings)
    app.state.services = make_services(settings, app.state.database)
    app.state.tasks = _dispatcher(settings, app.state.services)
    _spare_the_garbage_collector()
    try:
        yield
    finally:
        await app.state.tasks.stop()
        await app.state.cache.close()
        await app.state.database.dispose()
        if app.state.shared is not None:
            await app.state.shared.close()


def _dispatcher(settings: Settings, services: Services) -> Dispatcher:
    """Return who sees to the outbox: workers that are told over Redis, or this process itself."""
    if settings.tasks_url is not None:
        from app.queue import StreamDispatcher  # noqa: PLC0415 - Taskiq takes its time to import

        return StreamDispatcher(settings.tasks_url)
    worker = Worker(services, JOBS)
    if settings.run_tasks:
        worker.start()
    return worker


def _spare_the_garbage_collector() -> None:
    """Take what is loaded by now out of its sight.

    It stays for good, and looking at it again and again cost a tenth to a third of a request.
    """
    if gc.get_threshold() != COLLECT_RARELY:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_RARELY)
