"""Mail behind a small interface: to the log in development, to an SMTP server where one is set."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog
from anyio import to_thread

from app.settings import Settings

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One plain-text mail."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Something that sends mail."""

    async def send(self, message: Message) -> None: ...


class LogMailer:
    """Writes mail to the log, links and all: for development, refused in production."""

    async def send(self, message: Message) -> None:
        log.info("mail", to=message.to, subject=message.subject, text=message.text)


class SmtpMailer:
    """Sends through `smtp://user:password@host:port`, or `smtps://…` for TLS from the first byte."""

    def __init__(self, url: str, sender: str, *, tls: ssl.SSLContext | None = None) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._tls = tls or ssl.create_default_context()  # smtplib's own default would trust any certificate

    async def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.to, message.subject
        mail.set_content(message.text)
        await to_thread.run_sync(self._deliver, mail)

    def _deliver(self, mail: EmailMessage) -> None:
        with self._connect() as connection:
            if self._url.username:
                if self._url.scheme != "smtps":
                    connection.starttls(context=self._tls)  # a password never travels in the clear
                connection.login(unquote(self._url.username), unquote(self._url.password or ""))
            connection.send_message(mail)

    def _connect(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_SECONDS, context=self._tls)
        return smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT_SECONDS)


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that the settings ask for."""
    if settings.smtp_url is None:
        return LogMailer()
    return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
