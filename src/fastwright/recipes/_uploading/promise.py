"""The promise of uploads: what is allowed is stored and comes back as it was, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.probe.columns import row_uuid
from fastwright.proof.calls import Admitting, Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import Asked, answered, check_absent

_FILE = "%PDF-1.7 of the promise"
_LIMIT = 1000
_STORED = re.compile(r"[0-9a-f]{32}\.pdf")


@dataclass(frozen=True)
class UploadPromise:
    """Files are sent to `path`, and come back below it; `limit` is the variable that says how large they may be.

    `key` is the type of the row's key, if they belong to rows of `table`. `admits` are the guards, and `closed` says
    that strangers can store nothing.
    """

    path: str
    limit: str
    admits: tuple[Admitting, ...]
    closed: bool
    table: str = ""
    key: str = ""

    @property
    def announced(self) -> Announced:
        return Announced(adds=(f"POST {self.path}", f"GET {self.path}/{{name}}"))

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where more is stored than may be, or comes back as another."""
        here = self._at(1)
        around = Around(admits=self.admits, fill={self.table: 2} if self.table else {})
        before = trial.converse("before", [self._send(here, _FILE)], around).answers[0]
        check_absent(self.path, before)
        small = around.model_copy(update={"patches": {self.limit: _LIMIT}})
        answers = answered(trial, list(self._asked(here)), small)
        _check_stored(answers)
        if self.closed:
            self._check_strangers(trial, here)
        strangers = "; strangers store nothing" if self.closed else ""
        rows = ", or below another row" if self.table else ""
        return (
            f"{before.status} before; now 201 under a random name, and the same bytes come back as an attachment that"
            f" no browser shows; 413 above the limit, 415 for a page called image/png, 404 for other"
            f" names{rows}{strangers}"
        )

    def _asked(self, here: str) -> Iterator[Asked]:
        page = self._send(here, "<html><script>alert(1)</script></html>")
        yield (
            self._send(here, _FILE).model_copy(update={"keep": {"place": "header:location", "name": "/name"}}),
            (201,),
            "a file",
        )
        yield self._send(here, _FILE).model_copy(update={"keep": {"other": "header:location"}}), (201,), "once more"
        yield Call(method="GET", path="{{place}}"), (200,), "the file"
        yield Call(method="GET", path="{{other}}"), (200,), "the other file"
        yield self._send(here, _FILE.ljust(_LIMIT)), (201,), "a file as large as may be"
        yield self._send(here, _FILE.ljust(_LIMIT + 1)), (413,), "a file that is too large"
        yield page.model_copy(update={"headers": {"Content-Type": "image/png"}}), (415,), "a page in disguise"
        yield self._send(here, ""), (415,), "nothing"
        for name in ("0" * 32 + ".pdf", "..%2f..%2fpyproject.toml", "%2e%2e", f"{'0' * 32}.part"):
            yield Call(method="GET", path=f"{here}/{name}"), (404, 422), f"the name {name}"
        if self.table:
            yield self._send(self._at(99), _FILE), (404,), "a row that is not there"
            yield Call(method="GET", path=f"{self._at(2)}/{{{{name}}}}"), (404,), "below another row"

    def _check_strangers(self, trial: Regression, here: str) -> None:
        around = Around(fill={self.table: 2} if self.table else {})
        answer = trial.converse("after", [self._send(here, _FILE)], around).answers[0]
        if answer.status not in (401, 403):
            raise StepFailed(f"POST {self.path} answers a stranger with {answer.status}")

    def _at(self, number: int) -> str:
        value = str(row_uuid(number)) if self.key == "UUID" else str(number)
        return re.sub(r"\{[^}]*\}", value, self.path)

    def _send(self, path: str, content: str) -> Call:
        return Call(method="POST", path=path, raw=content, headers={"Content-Type": "application/octet-stream"})


def _check_stored(answers: tuple[Answer, ...]) -> None:
    """Check the names that two files got, and how the first one came back."""
    names = {answer.headers.get("location", "").rpartition("/")[2] for answer in answers[:2]}
    if len(names) != len(answers[:2]) or not all(_STORED.fullmatch(name) for name in names):
        raise StepFailed(f"two files were not stored under two random names: {', '.join(sorted(names))}")
    shown = answers[2]
    wanted = {
        "content-type": "application/pdf",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox",
        "content-disposition": "attachment",
    }
    for name, value in wanted.items():
        if not shown.headers.get(name, "").startswith(value):
            raise StepFailed(f"a file comes back with {name}: {shown.headers.get(name, 'nothing')}, not {value}")
    if shown.body != _FILE:
        raise StepFailed(f"a file comes back as {shown.body[:100]!r}")
