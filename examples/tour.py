"""A tour of the shop, with real requests: `python examples/tour.py PROJECT [--python EXE]`.

Serves the project on a free port of this machine with a scratch database, asks it what a client would ask, and shows
request and answer. It ends by itself, with exit 0 only if every answer was the expected one.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode

from rich.console import Console
from rich.text import Text
from served import Answer, UnexpectedAnswerError, exchange, served

API: Final = "/api/v1"
GRACE_SECONDS: Final = 1
STYLES: Final = {2: "bold green", 3: "bold cyan", 4: "bold yellow", 5: "bold red"}
MARGIN: Final = "     "
BOOKKEEPING: Final = {"request_id", "created_at", "updated_at", "version"}


@dataclass
class Person:
    """Somebody with an account, and the tokens of their login."""

    name: str
    password: str
    access: str = ""
    refresh: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@mail.net"


@dataclass
class Tour:
    """Sends requests, shows them, and insists on the answers."""

    port: int
    log: Path
    console: Console
    steps: int = field(default=0)

    def step(self, title: str, why: str = "") -> None:
        self.steps += 1
        self.console.print()
        self._line(Text.assemble((f"{self.steps:3}  ", "dim"), (title, "bold"), (f"  {why}", "dim italic")))

    def note(self, text: str) -> None:
        self._line(Text(f"{MARGIN}{text}", "dim"))

    def ask(
        self,
        expected: int,
        method: str,
        path: str,
        *,
        person: Person | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        quiet: bool = False,
    ) -> Answer:
        """Send one request. Raises `UnexpectedAnswerError` if the status is not the expected one."""
        headers: dict[str, str] = {}
        content: str | None = None
        if person is not None:
            headers["Authorization"] = f"Bearer {person.access}"
        if body is not None:
            headers["Content-Type"], content = "application/json", json.dumps(body)
        if form is not None:
            headers["Content-Type"], content = "application/x-www-form-urlencoded", urlencode(form)
        started = time.perf_counter()
        answer = exchange(self.port, method, path, headers, content)
        took = (time.perf_counter() - started) * 1000
        if not quiet or answer.status != expected:
            self._show(f"{method} {path}", person.name if person else "", body or form, answer, took)
        if answer.status != expected:
            raise UnexpectedAnswerError(f"{method} {path}: expected {expected}, got {answer.status}: {answer.text}")
        return answer

    def _show(self, request: str, who: str, sent: Mapping[str, Any] | None, answer: Answer, took: float) -> None:
        method, _, path = request.partition(" ")
        asked_by = f"  as {who}" if who else ""
        self._line(Text.assemble(MARGIN, (f"{method:<7}", "bold blue"), path, (asked_by, "dim")))
        if sent is not None:
            self._json(sent, "dim")
        kind = answer.headers.get("content-type", "").partition(";")[0]
        named = f"{kind}  " if kind.startswith("application/problem") else ""
        style = STYLES.get(answer.status // 100, "")
        self._line(Text.assemble(MARGIN, (f"{answer.status:<7}", style), (f"{named}{took:.0f} ms", "dim")))
        if answer.text and kind.endswith("json"):
            self._json(_told(answer.json), "")

    def _json(self, value: Any, style: str) -> None:
        """Show JSON on three lines at most: tokens and ids cut short, passwords hidden."""
        indent = f"{MARGIN}       "
        text = json.dumps(_shortened(value), ensure_ascii=False, separators=(", ", ": "))
        for line in textwrap.wrap(text, self.console.width - len(indent), max_lines=3, placeholder=" …"):
            self._line(Text(f"{indent}{line}", style))

    def _line(self, text: Text) -> None:
        text.truncate(self.console.width, overflow="ellipsis")
        self.console.print(text, no_wrap=True, soft_wrap=True)

    def mailed_token(self, person: Person) -> str:
        """Return the token in the last mail to somebody. In development mail is written to the log."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            lines = [line for line in self.log.read_text(encoding="utf-8").splitlines() if person.email in line]
            found = re.findall(r"#token=([\w-]+)", "".join(lines))
            if found:
                return str(found[-1])
            time.sleep(0.05)
        raise UnexpectedAnswerError(f"no mail to {person.email} in the log")


def _shortened(value: Any) -> Any:
    match value:
        case dict():
            members = cast("dict[str, Any]", value)
            return {name: "********" if "password" in name else _shortened(each) for name, each in members.items()}
        case list():
            return [_shortened(each) for each in cast("list[Any]", value)]
        case str() if re.fullmatch(r"[\w.-]{30,}={0,2}", value):
            return f"{value[:8]}…"
        case _:
            return value


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer tells: without bookkeeping, and without what a problem's status has said already."""
    repeated = {"title", "status"} if answer.keys() & {"detail", "errors"} else set[str]()
    return {
        name: value for name, value in answer.items() if name not in BOOKKEEPING | repeated and value not in (None, [])
    }


def begin(tour: Tour, ada: Person, bob: Person) -> None:
    """Two people register; one of them is shown."""
    tour.step("Register", "known addresses get the same answer; the mail tells")
    register(tour, ada)
    credentials = {"username": ada.email, "password": ada.password}
    tour.step("Log in too early", "not verified is refused like a wrong password")
    tour.ask(401, "POST", f"{API}/auth/token", form=credentials)
    tour.step("Verify", "by the token in the mail, which development writes to the log")
    tour.ask(204, "POST", f"{API}/auth/verify-email", body={"token": tour.mailed_token(ada)})
    tour.step("Log in", "a short JWT, and an opaque refresh token")
    log_in(tour, ada)
    register(tour, bob, quiet=True)
    tour.ask(204, "POST", f"{API}/auth/verify-email", body={"token": tour.mailed_token(bob)}, quiet=True)
    log_in(tour, bob, quiet=True)


def register(tour: Tour, person: Person, *, quiet: bool = False) -> None:
    body = {"email": person.email, "password": person.password, "display_name": person.name}
    tour.ask(202, "POST", f"{API}/auth/register", body=body, quiet=quiet)


def log_in(tour: Tour, person: Person, *, quiet: bool = False) -> None:
    form = {"username": person.email, "password": person.password}
    pair = tour.ask(200, "POST", f"{API}/auth/token", form=form, quiet=quiet).json
    person.access, person.refresh = pair["access_token"], pair["refresh_token"]


def trade(tour: Tour, admin: Person, ada: Person, bob: Person) -> None:
    """Rows, their owner, somebody else, and a list."""
    tour.step("Create without a login", "endpoints are closed unless declared public")
    tour.ask(401, "POST", f"{API}/products", body={"name": "Lamp"})
    tour.step("Create what only a role may", "Ada may not, Carol is an administrator")
    tour.ask(403, "POST", f"{API}/categories", person=ada, body={"name": "Light"})
    category = tour.ask(201, "POST", f"{API}/categories", person=admin, body={"name": "Light"}).json["id"]
    tour.step("Create", "the seller is the caller, and money is exact")
    contact = {"contact": "ada@mail.net", "category_id": category}
    lamp = tour.ask(201, "POST", f"{API}/products", person=ada, body={"name": "Lamp", "price": "19.90", **contact})
    tour.note(f"ETag: {lamp.headers['etag']}   Location: {lamp.headers['location'][:-28]}…")
    tour.step("Somebody else tries", "Bob may look, but for changes the row does not exist")
    path = f"{API}/products/{lamp.json['id']}"
    tour.ask(404, "PATCH", path, person=bob, body={"price": "0.01"})
    tour.step("List by cursor", "three rows, two a page; stays right while others write")
    for name, price in (("Candle", "4.50"), ("Torch", "29.00")):
        tour.ask(201, "POST", f"{API}/products", person=ada, body={"name": name, "price": price, **contact}, quiet=True)
    _list(tour)
    tour.step("Invalid", "what was sent is never echoed")
    tour.ask(422, "POST", f"{API}/products", person=ada, body={"name": "", "price": "-1", **contact})
    tour.step("Conflict", "the category's name is unique")
    tour.ask(409, "POST", f"{API}/categories", person=admin, body={"name": "Light"})


def _list(tour: Tour) -> None:
    first = tour.ask(200, "GET", f"{API}/products?limit=2&sort=price", quiet=True).json
    second_path = f"{API}/products?limit=2&sort=price&cursor={first['next_cursor']}"
    second = tour.ask(200, "GET", second_path, quiet=True).json
    for path, page in (
        (f"{API}/products?limit=2&sort=price", first),
        (f"{second_path[: -len(first['next_cursor']) + 8]}…", second),
    ):
        rows = [f"{item['name']} {item['price']}" for item in page["items"]]
        cursor = page["next_cursor"]
        tour.note(f"GET    {path}")
        tour.note(
            f"200    {', '.join(rows)}    next_cursor: {f'{cursor[:8]}…' if cursor else 'none, this was the end'}"
        )
    names = [item["name"] for item in (*first["items"], *second["items"])]
    if names != ["Candle", "Lamp", "Torch"] or second["next_cursor"] is not None:
        raise UnexpectedAnswerError(f"the pages hold {names}")


def steal(tour: Tour, ada: Person) -> None:
    """A refresh token is used, used again at once, and used again too late."""
    stolen = ada.refresh
    body = {"refresh_token": stolen}
    tour.step("Refresh", "the token is replaced by its successor")
    pair = tour.ask(200, "POST", f"{API}/auth/refresh", body=body).json
    tour.step("Two tabs", "within the grace period the same successor comes back")
    again = tour.ask(200, "POST", f"{API}/auth/refresh", body=body).json
    if again["refresh_token"] != pair["refresh_token"] or pair["refresh_token"] == stolen:
        raise UnexpectedAnswerError("the successor is not the same one")
    time.sleep(GRACE_SECONDS + 0.2)
    tour.step("Replay", "later than that, it was stolen: the whole login ends")
    tour.ask(401, "POST", f"{API}/auth/refresh", body=body)
    tour.ask(401, "POST", f"{API}/auth/refresh", body={"refresh_token": pair["refresh_token"]})
    ada.access = pair["access_token"]
    tour.ask(401, "GET", f"{API}/users/me", person=ada)


def look_at_metrics(tour: Tour) -> None:
    tour.step("Metrics", "by route template, for Prometheus")
    text = tour.ask(200, "GET", "/metrics").text
    counted = [line for line in text.splitlines() if line.startswith("http_requests_total{") and API in line]
    for line in counted[-4:]:
        tour.note(line)
    if not counted:
        raise UnexpectedAnswerError("no request was counted")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path, help="the directory of a shop, as `fastwright new` writes it")
    parser.add_argument("--python", type=Path, help="its interpreter (default: the one in its .venv)")
    options = parser.parse_args()
    project: Path = options.project.resolve()
    python: Path = options.python or project / ".venv" / "bin" / "python"
    console = Console(highlight=False, width=max(80, min(Console().width, 100)))
    ada, bob, admin = (Person(name, secrets.token_urlsafe(15)) for name in ("Ada", "Bob", "Carol"))
    started = time.monotonic()
    try:
        with served(python, project, admin=(admin.email, admin.password), REFRESH_GRACE_SECONDS=str(GRACE_SECONDS)) as (
            port,
            log,
        ):
            console.print(Text.assemble(("Tour of ", "bold"), f"{project.name}, served on port {port}"))
            tour = Tour(port, log, console)
            log_in(tour, admin, quiet=True)
            begin(tour, ada, bob)
            trade(tour, admin, ada, bob)
            steal(tour, ada)
            look_at_metrics(tour)
    except (UnexpectedAnswerError, subprocess.CalledProcessError) as error:
        console.print(Text(f"\n{error}\n{getattr(error, 'stderr', None) or ''}", "bold red"))
        return 1
    console.print(
        f"\n[bold green]All {tour.steps} steps went as expected[/] [dim]({time.monotonic() - started:.1f} s)[/]"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
