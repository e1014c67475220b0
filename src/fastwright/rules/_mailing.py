"""Calls that send mail: by SMTP or by the library of a service, at once or when the answer is gone."""

from __future__ import annotations

import re

from fastwright.rules._rule import Called, Reached, View
from fastwright.rules._words import words

MAILERS = ("fastapi_mail", "aiosmtplib", "smtplib", "sendgrid", "yagmail", "redmail", "resend", "postmarker")
_SENDING = re.compile(r"(?:^|\.)(?:send|send_message|sendmail|send_mail|send_email)$")
# What goes to those who run the app, and not because of what was asked for.
_ALERTS = frozenset({"alert", "alerts", "alarm", "error", "errors", "failure", "exception", "crash"})


def mails(view: View, reached: Reached) -> bool:
    """Tell a function that sends a mail, or has one sent after the answer: `tasks.add_task(mail.send_message, …)`."""
    if _ALERTS & set(words(reached.function.qualname)):
        return False
    return any(_is_mail(path) for call in view.calls_within(reached) for path in _paths(view, call))


def _paths(view: View, call: Called) -> list[str]:
    handed = call.node.args[:1] if call.name in ("add_task", "run_in_threadpool", "to_thread") else []
    return [call.path, *(view.library(one, call.scope) for one in handed)]


def _is_mail(path: str) -> bool:
    return path.partition(".")[0] in MAILERS and _SENDING.search(path) is not None
