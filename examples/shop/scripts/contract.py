"""Hold the served API to its OpenAPI document: `python scripts/contract.py`.

Serves the application with a scratch database and runs Schemathesis against it, configured in `schemathesis.toml`. Two
plain users take part, and what one of them owns must stay invisible to the other; an administrator does what the two
may not. Nothing outside of a temporary directory is touched, and `.env` is not read.
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.passwords import PasswordHasher
from app.auth.roles import Role
from app.database import Database, utc_now
from app.settings import Settings
from app.users.models import User
from tests.everything import make_everything

ROOT = Path(__file__).resolve().parent.parent
APIS = ("/api/v1",)
LOG_LINES = 10
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
ROLES = {"first": Role.USER, "second": Role.USER, "admin": Role.ADMIN}

# These end logins, or change what an account may do. Among the others they would make the rest of the run meaningless
# (a user who was made an administrator may see everything), so they are tested last, with accounts of their own.
UNSETTLING = (
    "POST /auth/logout",
    "POST /auth/logout-all",
    "DELETE /auth/logins/{login_id}",
    "PATCH /users/{user_id}",
)
THEIR_SOURCES = ("GET /auth/logins", "GET /users")


@dataclass(frozen=True)
class Round:
    """One run of Schemathesis: which operations, as whom."""

    name: str
    filters: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """The users of a round: how they log in (in the format of Web Fuzzing Commons), and the rows that are theirs."""

    logins: list[dict[str, Any]]
    rows: dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Result:
    """What came of a round."""

    operations: int
    cases: int
    failures: int
    is_complete: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, metavar="N", help="generate more (or fewer) cases for each operation")
    parser.add_argument("--database", metavar="URL", help="an empty database to use up, in place of a file of SQLite's")
    options = parser.parse_args()
    extra = [f"--max-examples={options.examples}"] if options.examples else []
    started = time.monotonic()
    if options.database and (tables := asyncio.run(_tables(options.database))):
        sys.exit(f"this database is in use: it has the tables {', '.join(tables)}")
    results = [result for api in APIS for result in _test(api, options.database, extra)]
    # The rounds share the operations that the second one needs to find its targets.
    operations = sum(result.operations for result in results) - len(APIS) * len(THEIR_SOURCES)
    cases, failures = sum(result.cases for result in results), sum(result.failures for result in results)
    complete = "" if all(result.is_complete for result in results) else ", INCOMPLETE"
    took = time.monotonic() - started
    print(f"{operations} operations, {cases} cases, {failures} failures{complete} ({took:.1f} s)")
    return 0 if failures == 0 and not complete else 1


def _rounds(api: str) -> tuple[Round, ...]:
    """Return what is run against one version: Schemathesis does not know that another one has the same rows."""
    unsettling, sources = ([each.replace(" ", f" {api}") for each in names] for names in (UNSETTLING, THEIR_SOURCES))
    rest = [f"--include-path-regex=^{api}/", *(f"--exclude-name={operation}" for operation in unsettling)]
    return (
        Round(f"{api}, all but what unsettles accounts", tuple(rest)),
        Round(f"{api}, what unsettles accounts", tuple(f"--include-name={each}" for each in (*unsettling, *sources))),
    )


def _test(api: str, database: str | None, extra: list[str]) -> list[Result]:
    """Run the rounds of one version, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="contract-") as directory:
        scratch = Path(directory)
        environment = _environment(scratch, database)
        _migrate(scratch, environment, "upgrade", "head")
        settings = Settings(_env_file=None, database_url=environment["DATABASE_URL"])
        with _served(scratch, environment) as url:
            results = [
                _run(
                    tested,
                    asyncio.run(_prepare(settings, number)),
                    scratch,
                    environment,
                    [f"{url}/openapi.json", *extra],
                )
                for number, tested in enumerate(_rounds(api))
            ]
        if database:
            _migrate(scratch, environment, "downgrade", "base")
        if any(result.failures for result in results):
            print("What the server logged last:", *_log(scratch).splitlines()[-LOG_LINES:], sep="\n")
    return results


async def _tables(url: str) -> list[str]:
    database = Database(Settings(_env_file=None, database_url=url))
    async with database.engine.connect() as connection:
        tables = await connection.run_sync(lambda synchronous: inspect(synchronous).get_table_names())
    await database.dispose()
    return sorted({*tables} - {"alembic_version"})


def _environment(scratch: Path, database: str | None) -> dict[str, str]:
    """Return the variables for every child process: none of the caller's settings, and limits that nobody meets."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "ENVIRONMENT": "test",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": database or f"sqlite+aiosqlite:///{scratch / 'contract.db'}",
        "RATE_LIMIT": "1000000/minute",
        "AUTH_ACCOUNT_LIMIT": "1000000/minute",
        "AUTH_ADDRESS_LIMIT": "1000000/minute",
        "ACCESS_TOKEN_SECONDS": "86400",
        "PRINCIPAL_CACHE_SECONDS": "0",
        "ARGON2_MEMORY_KIB": "8",
        "ARGON2_TIME_COST": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }


async def _prepare(settings: Settings, number: int) -> Cast:
    """Create the users of a round, and rows for them to use; only now, so that no round before it can change them."""
    database = Database(settings)
    async with database.session() as session:
        cast = await _cast(session, PasswordHasher(settings), number)
    await database.dispose()
    return cast


async def _cast(session: AsyncSession, hasher: PasswordHasher, number: int) -> Cast:
    logins: list[dict[str, Any]] = []
    rows: dict[str, dict[str, list[str]]] = {}
    for name, role in ROLES.items():
        email, password = f"{name}{number}@example.com", secrets.token_urlsafe(24)
        hashed = await hasher.hash(password)
        user = User(email=email, password_hash=hashed, display_name=name, role=role, email_verified_at=utc_now())
        session.add(user)
        await session.flush()
        logins.append({"name": name, "loginEndpointAuth": _login(email, password)})
        if role is Role.USER:
            made = await make_everything(session, user.id)
            rows[name] = {resource: [str(row) for row in ids] for resource, ids in made.items()}
    return Cast(logins, rows)


def _login(email: str, password: str) -> dict[str, Any]:
    fields = {"usernameField": "username", "passwordField": "password"}
    return {
        "verb": "POST",
        "endpoint": f"{APIS[-1]}/auth/token",
        "contentType": "application/x-www-form-urlencoded",
        "payloadUserPwd": {**fields, "username": email, "password": password},
        "token": {
            "extractFrom": "body",
            "extractSelector": "/access_token",
            "sendIn": "header",
            "sendName": "Authorization",
            "sendTemplate": "Bearer {token}",
        },
    }


@contextmanager
def _served(scratch: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve the application on a free port of this machine for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--no-access-log"]
    with (scratch / "server.log").open("wb") as file:
        server = subprocess.Popen([sys.executable, *command], cwd=scratch, env=environment, stdout=file, stderr=file)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(server, url, scratch)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, scratch: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):  # noqa: S310 - the URL is our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"the application does not start:\n{_log(scratch)}")


def _log(scratch: Path) -> str:
    return (scratch / "server.log").read_text(encoding="utf-8", errors="replace")


def _run(tested: Round, cast: Cast, scratch: Path, environment: dict[str, str], arguments: list[str]) -> Result:
    """Run Schemathesis once; show what it says only if something is wrong."""
    users, rows, report = (scratch / f"{name}.json" for name in ("users", "rows", "report"))
    users.write_text(json.dumps({"auth": cast.logins}), encoding="utf-8")
    rows.write_text(json.dumps(cast.rows), encoding="utf-8")
    report.unlink(missing_ok=True)
    options = [f"--config-file={ROOT / 'schemathesis.toml'}", "run", "--report=json", f"--report-json-path={report}"]
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *options, *tested.filters, *arguments],
        cwd=scratch,
        env=environment
        | {"CONTRACT_USERS": str(users), "CONTRACT_ROWS": str(rows), "SCHEMATHESIS_HOOKS": "scripts.contract_hooks"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        print(run.stdout, run.stderr, sep="\n")
    if not report.exists():
        sys.exit(f"Schemathesis wrote no report: exit {run.returncode}")
    return _read(tested, run.returncode, json.loads(report.read_text(encoding="utf-8")))


def _read(tested: Round, exit_code: int, report: dict[str, Any]) -> Result:
    """Sum up a report. What could not be tested counts, too: silence is no success."""
    operations, cases = report["operations"], report["test_cases"]
    untested = operations["selected"] - operations["tested"] + operations["errored"] + operations["skipped"]
    failures = sum(group["count"] for group in report["failures"]) + len(report["errors"])
    result = Result(
        operations=operations["tested"],
        cases=cases["generated"],
        failures=failures or int(exit_code != 0),
        is_complete=untested == 0 and report["complete"] and not report["auth"]["reauth_broke"],
    )
    print(
        f"{tested.name}: {result.operations} of {operations['total']} operations, {result.cases} cases, "
        f"{result.failures} failures ({report['running_time']:.1f} s)"
    )
    if refused := _never_accepted(report):
        print(f"  only refusals were seen of {', '.join(refused)}")
    return result


def _never_accepted(report: dict[str, Any]) -> list[str]:
    """Return the operations that no made-up request gets past: those which ask for a token or a password."""
    rates = report["valid_rates"].items()
    return sorted(name for name, phases in rates if not any(rate["accepted"] for rate in phases.values()))


def _migrate(scratch: Path, environment: dict[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "alembic", "--config", str(ROOT / "alembic.ini"), *words]
    run = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"the migrations fail:\n{run.stdout}{run.stderr}")


if __name__ == "__main__":
    sys.exit(main())
