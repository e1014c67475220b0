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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.auth.passwords import PasswordHasher
from app.auth.roles import Role
from app.database import Database, utc_now
from app.settings import Settings
from app.users.models import User

API = "/api/v1"
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
ROLES = {"first": Role.USER, "second": Role.USER, "admin": Role.ADMIN}

# These end logins, or change what an account may do. Among the others they would make the rest of the run meaningless
# (a user who was made an administrator may see everything), so they are tested last, with accounts of their own.
UNSETTLING = (
    f"POST {API}/auth/logout",
    f"POST {API}/auth/logout-all",
    f"DELETE {API}/auth/logins/{{login_id}}",
    f"PATCH {API}/users/{{user_id}}",
)
THEIR_SOURCES = (f"GET {API}/auth/logins", f"GET {API}/users")


@dataclass(frozen=True)
class Round:
    """One run of Schemathesis: which operations, as whom."""

    name: str
    filters: tuple[str, ...]


ROUNDS = (
    Round("all but what unsettles accounts", tuple(f"--exclude-name={operation}" for operation in UNSETTLING)),
    Round("what unsettles accounts", tuple(f"--include-name={each}" for each in (*UNSETTLING, *THEIR_SOURCES))),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, metavar="N", help="generate more (or fewer) cases for each operation")
    options = parser.parse_args()
    extra = [f"--max-examples={options.examples}"] if options.examples else []
    with tempfile.TemporaryDirectory(prefix="contract-") as directory:
        scratch = Path(directory)
        environment = _environment(scratch)
        _run(["-m", "alembic", "--config", str(ROOT / "alembic.ini"), "upgrade", "head"], scratch, environment)
        users = asyncio.run(_create_users(Settings(_env_file=None, database_url=environment["DATABASE_URL"])))
        with _served(scratch, environment) as url:
            passed = [
                _round(number, scratch, environment, url, users[number], extra) for number in range(len(ROUNDS))
            ]
    return 0 if all(passed) else 1


def _environment(scratch: Path) -> dict[str, str]:
    """Return the variables for every child process: none of the caller's settings, and limits that nobody meets."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "ENVIRONMENT": "test",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": f"sqlite+aiosqlite:///{scratch / 'contract.db'}",
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


async def _create_users(settings: Settings) -> list[dict[str, Any]]:
    """Create the accounts of each round, and return how Schemathesis logs them in (Web Fuzzing Commons format)."""
    database, hasher = Database(settings), PasswordHasher(settings)
    documents: list[dict[str, Any]] = []
    async with database.session() as session:
        for number in range(len(ROUNDS)):
            entries: list[dict[str, Any]] = []
            for name, role in ROLES.items():
                email, password = f"{name}{number}@example.com", secrets.token_urlsafe(24)
                session.add(
                    User(
                        email=email,
                        password_hash=await hasher.hash(password),
                        display_name=name,
                        role=role,
                        email_verified_at=utc_now(),
                    )
                )
                entries.append({"name": name, "loginEndpointAuth": _login(email, password)})
            documents.append({"auth": entries})
    await database.dispose()
    return documents


def _login(email: str, password: str) -> dict[str, Any]:
    fields = {"usernameField": "username", "passwordField": "password"}
    return {
        "verb": "POST",
        "endpoint": f"{API}/auth/token",
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
    log = scratch / "server.log"
    command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--no-access-log"]
    with log.open("wb") as output:
        server = subprocess.Popen([sys.executable, *command], cwd=scratch, env=environment, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(server, url, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):  # noqa: S310 - the URL is our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"the application does not start:\n{log.read_text(errors='replace')}")


def _round(
    number: int, scratch: Path, environment: dict[str, str], url: str, users: dict[str, Any], extra: list[str]
) -> bool:
    """Run Schemathesis once, print a summary, and tell whether everything was tested and nothing failed."""
    users_file, report_file = scratch / f"users{number}.json", scratch / f"report{number}.json"
    users_file.write_text(json.dumps(users), encoding="utf-8")
    command = [
        *("-m", "schemathesis.cli", f"--config-file={ROOT / 'schemathesis.toml'}"),
        *("run", f"{url}/openapi.json", "--report=json", f"--report-json-path={report_file}"),
        *ROUNDS[number].filters,
        *extra,
    ]
    run = subprocess.run(
        [sys.executable, *command],
        cwd=scratch,
        env=environment | {"CONTRACT_USERS": str(users_file), "SCHEMATHESIS_HOOKS": "scripts.contract_hooks"},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(report_file.read_text(encoding="utf-8")) if report_file.exists() else None
    if run.returncode != 0 or report is None:
        print(run.stdout, run.stderr, sep="\n")
    return report is not None and _summarise(ROUNDS[number], report) and run.returncode == 0


def _summarise(tested: Round, report: dict[str, Any]) -> bool:
    """Print what was done. An operation that could not be tested counts as a failure."""
    operations, cases = report["operations"], report["test_cases"]
    failures = sum(group["count"] for group in report["failures"]) + len(report["errors"])
    untested = operations["selected"] - operations["tested"] + operations["errored"] + operations["skipped"]
    print(
        f"{tested.name}: {operations['tested']} of {operations['total']} operations, {cases['generated']} cases, "
        f"{failures} failures, {report['running_time']:.1f} s"
    )
    refused = sorted(
        operation
        for operation, phases in report["valid_rates"].items()
        if not any(rate["accepted"] for rate in phases.values())
    )
    if refused:
        print(f"  never answered with success, since no guess can be right: {', '.join(refused)}")
    if untested or report["auth"]["reauth_broke"]:
        print(f"  incomplete: {untested} operations not tested, logging in again failed: {report['auth']['reauth_broke']}")
        return False
    return failures == 0


def _run(arguments: list[str], scratch: Path, environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, *arguments], cwd=scratch, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: exit {run.returncode}\n{run.stdout}{run.stderr}")


if __name__ == "__main__":
    sys.exit(main())
