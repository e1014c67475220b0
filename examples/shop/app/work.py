"""What can be left in the outbox, by name. Names stay what they are: messages wait across a deployment."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.auth.mails import AccountMail, AccountMails
from app.database import Database
from app.mail import Mailer, make_mailer
from app.settings import Settings


@dataclass(slots=True)
class Services:
    """What work needs."""

    database: Database
    mailer: Mailer
    settings: Settings


Job = Callable[[Services, dict[str, str]], Awaitable[None]]


def make_services(settings: Settings, database: Database) -> Services:
    """Return the services of this process."""
    return Services(database, make_mailer(settings), settings)


def _mail(send: Callable[[AccountMails, str], Awaitable[None]]) -> Job:
    async def job(services: Services, payload: dict[str, str]) -> None:
        await send(AccountMails(services.database, services.mailer, services.settings), payload["email"])

    return job


JOBS: Mapping[str, Job] = {
    AccountMail.REGISTRATION: _mail(AccountMails.answer_registration),
    AccountMail.VERIFICATION: _mail(AccountMails.send_verification),
    AccountMail.RESET: _mail(AccountMails.send_reset),
    AccountMail.PASSWORD_CHANGED: _mail(AccountMails.send_password_changed),
}
