"""Load on two processes and a worker while everything they stand on is broken; then the books are audited.

`make test-faults` runs it for ten minutes; FAULT_SECONDS and FAULT_SEED choose otherwise.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter

import pytest

from tests.scale.installation import Installation, wait_until
from tests.scale.load import Books, Chaos, Client

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("scale")]

SECONDS = float(os.environ.get("FAULT_SECONDS", "600"))
SEED = int(os.environ.get("FAULT_SEED", str(time.time_ns() % 100_000)))
CLIENTS = 6
BETWEEN_FAULTS = 4.0


@pytest.fixture(scope="module")
def books(site: Installation) -> Books:
    """What was promised during the load."""
    site.stock_a_category()
    books, stop = Books(), threading.Event()
    clients = [Client(site, books, number, stop) for number in range(CLIENTS)]
    chaos = Chaos(site, books, SEED)
    for client in clients:
        client.start()
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        time.sleep(BETWEEN_FAULTS)
        chaos.strike()
    stop.set()
    for client in clients:
        client.join(60)
    site.wait_until_ready()
    print(
        f"\nseed {SEED}: {dict(books.statuses)}, {books.unreachable} not answered, {len(books.products)} products, "
        f"{books.repeated} of them sent again; faults: {dict(Counter(books.faults))}"
    )
    return books


def test_there_was_load(books: Books) -> None:
    assert len(books.products) > SECONDS / 2
    assert len(books.mailed) > SECONDS / 10


def test_no_answer_was_a_fault_of_the_application(books: Books, site: Installation) -> None:
    unhandled = [line for web in site.web for line in web.output.splitlines() if '"unhandled_error"' in line]
    assert unhandled == []
    assert set(books.statuses) <= {200, 201, 202, 204, 401, 409, 429, 503}


def test_every_acknowledged_product_is_there_exactly_once(books: Books, site: Installation) -> None:
    stored = site.products()
    assert {name: stored.get(name, 0) for name in books.products if stored.get(name) != 1} == {}


def test_no_request_was_done_twice_however_often_it_was_sent(books: Books, site: Installation) -> None:
    assert books.repeated > SECONDS / 2, "many had to be sent again"
    assert books.given_up == []
    assert {name: count for name, count in site.products().items() if count > 1} == {}
    keys = site.postgres.psql(
        "select count(*) from idempotency_keys k "
        "where not exists (select from products p where p.id = (k.body::json ->> 'id')::uuid)"
    )
    assert keys.split()[2] == "0", "an answer is kept with what it is about, or not at all"


def test_every_mail_was_sent_at_least_once(books: Books, site: Installation) -> None:
    site.postgres.psql("update outbox set due_at = now()")
    wait_until(lambda: "0" in site.postgres.psql("select count(*) from outbox").split(), "work is left", 120)
    sent = site.worker.output
    assert [email for email in books.mailed if f'"to":"{email}"' not in sent] == []


def test_no_login_that_was_ended_lives_again(books: Books, site: Installation) -> None:
    assert books.ended
    assert {site.me(web, token).status for token, _ended in books.ended for web in (0, 1)} == {401}
