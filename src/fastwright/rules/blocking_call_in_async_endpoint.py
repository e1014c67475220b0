"""A call that waits in a thread of its own nowhere, and so stops every request of the process.

## What it does
Finds calls that block (`time.sleep`, `requests`, a synchronous database session, `subprocess.run`, …) on the way of an
`async def` endpoint or dependency, however many functions lie between. It is reported in the last `async def` on the
way, and there once: a helper that waits is right, a plain `def` may call it.

## Why it hurts
While the call waits, the event loop waits with it: no other request of this process is answered, not even a health
check. A plain `def` endpoint runs in a thread, where waiting harms nobody.

## Bad
```python
import time

import requests
from fastapi import FastAPI

app = FastAPI()


def fetch_rate() -> str:
    return requests.get("https://rates.example/eur", timeout=5).text


@app.get("/rate")
async def read_rate() -> str:
    time.sleep(0.1)  # <- found
    return fetch_rate()  # <- found
```

## Good
```python
import asyncio

import requests
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


def fetch_rate() -> str:
    return requests.get("https://rates.example/eur", timeout=5).text


@app.get("/rate")
async def read_rate() -> str:
    await asyncio.sleep(0.1)
    return await run_in_threadpool(fetch_rate)


@app.get("/rate-in-a-thread")
def read_rate_in_a_thread() -> str:
    return fetch_rate()
```

## Known limits
The fix makes the endpoint a plain `def`; there is none for one that awaits something.
Reading local files is not reported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.changes import Change
from fastwright.rules._edits import made_sync
from fastwright.rules._engine.drivers import MODEL_CALLS, SYNC_MODELS
from fastwright.rules._rule import Called, Found, Rule, View, at
from fastwright.rules._ways import ways

RULE = Rule("data", "high", ("API4:2023", "CWE-400"))
_CALLS = frozenset(
    {"time.sleep", "os.system", "os.popen", "urllib.request.urlopen", "urllib.request.urlretrieve"}
    | {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "getoutput")}
    | {f"socket.{name}" for name in ("create_connection", "gethostbyname", "getaddrinfo")}
    | {"psycopg2.connect", "pymysql.connect", "MySQLdb.connect", "psycopg.connect", "pika.BlockingConnection"}
    | {"mysql.connector.connect", "pyodbc.connect", "oracledb.connect", "psycopg.Connection.connect"}
    | {"subprocess.Popen.wait", "subprocess.Popen.communicate", "pandas.read_sql", "pandas.read_sql_query"}
    | {"pandas.read_excel", "pandas.read_csv", "openpyxl.load_workbook"}
    | {f"shutil.{name}" for name in ("copyfileobj", "copy", "copy2", "copyfile", "copytree", "move", "rmtree")}
)
_WRITES = ("builtins.open", "pathlib.Path.open", "pathlib.Path.write_bytes", "pathlib.Path.write_text")
_LONGEST_MODE = len("wb+")
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream"})
# Clients that wait, by the path of what is called on them.
_CLIENTS = (
    *(
        "requests.",
        "httpx.Client",
        "urllib3.",
        "smtplib.SMTP",
        "imaplib.",
        "ftplib.",
        "paramiko.",
        "stripe.",
        "twilio.",
    ),
    *("boto3.", "botocore.", "minio.Minio", "redis.Redis", "redis.Strict", "redis.from_url()", "pymongo.MongoClient"),
    *("cloudinary.uploader.", "cloudinary.api.", "supabase.", "firebase_admin.", "google.cloud.", "sendgrid."),
    *("razorpay.", "slack_sdk.WebClient", "qdrant_client.QdrantClient", "groq.Groq", "ldap3.", "yfinance."),
    *("elasticsearch.Elasticsearch", "openai.OpenAI", "openai.AzureOpenAI", "anthropic.Anthropic"),
)
_HARMLESS = frozenset(
    {"Session", "Client", "Redis", "from_url", "close", "client", "resource", "mount", "update", "add"}
    | {"json", "raise_for_status", "Config", "TransferConfig", "generate_presigned_url", "generate_presigned_post"}
)
_SESSION = "session"
_FILE = "file"
_DATABASE = frozenset(
    {"execute", "scalar", "scalars", "get", "get_one", "exec", "commit", "flush", "refresh", "query", "rollback"}
    | {"executemany", "executescript"}
)


def find(view: View) -> Iterator[Found]:
    seen: set[int | tuple[int, str]] = set()
    for route, call in ways(view):
        if call.within.threaded or call.site.awaited or call.is_deferred:
            continue
        cause, site = _cause(view, call), call.on_loop
        is_waited_for = route is not None or (site.function is not None and site.function.is_async)
        # A function is told once what makes it wait: it is mended once.
        key = (id(site.function), cause)
        if cause and is_waited_for and not seen & {key, id(site.node)}:
            seen |= {key, id(site.node)}
            message = f"{_said(call, cause)}{'' if site is call.site else call.place}"
            yield at(site.function or site.module, site.node, message, route=route)


def fix(view: View, found: Found) -> Change | None:
    """Return the change that lets FastAPI run the endpoint in a thread, if nothing in it is awaited."""
    edit = made_sync(view, found.route)
    return Change(summary="run an endpoint that waits in a thread", operations=(edit,)) if edit else None


def _cause(view: View, call: Called) -> str:
    """Return what a call waits for: a function or a client of a library, by its name, or a database."""
    if call.path in _CALLS or (call.path.startswith("httpx.") and call.path.removeprefix("httpx.") in _VERBS):
        return call.path
    if call.path.startswith(_CLIENTS) and call.name not in _HARMLESS and "asyncio" not in call.path:
        return call.path.partition(".")[0]
    if call.path in _WRITES and (call.name.startswith("write") or _is_written(call)):
        return _FILE
    if call.path.startswith(SYNC_MODELS) and call.name in MODEL_CALLS:
        return call.path.partition(".")[0]
    is_sent = call.name in _DATABASE and view.statements.on_session(call) == "sync"
    return _SESSION if is_sent else ""


def _is_written(call: Called) -> bool:
    """Tell a file that is opened to be written, from one that is read."""
    given = [*call.node.args, *(one.value for one in call.node.keywords if one.arg == "mode")]
    modes = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(one[:1] in "wax" and len(one) <= _LONGEST_MODE for one in modes if one)


def _said(call: Called, cause: str) -> str:
    if cause == _SESSION:
        return f"`{call.name}` on a synchronous session stops the event loop while the database works"
    if cause == _FILE:
        return f"`{call.name}` stops the event loop while a file is written"
    if "." in cause:
        return f"`{cause}` stops the event loop while it waits"
    return f"`{call.name}` of {cause} stops the event loop while it waits"
