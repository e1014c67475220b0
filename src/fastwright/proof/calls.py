"""Requests that a promise sends to the staged app, and what they are answered."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import Field, TypeAdapter

from fastwright.design.model import Frozen
from fastwright.proof.model import StepFailed
from fastwright.proof.pair import Pair, Side

_PARAMETER = re.compile(r"\{[^}]*\}")


def filled(path: str) -> str:
    """Return a path with something for each of its parameters."""
    return _PARAMETER.sub("1", path)


class Call(Frozen):
    """One request; `{{name}}` in any of its texts is what an earlier call has kept under that name.

    What is in `raw` is sent as it is, one byte a character (latin-1).
    `keep` names what later calls use: a JSON pointer into the body (RFC 6901), `header:name`, or `cookie:name`. Every
    call seems to come from another address, unless `client` names one. With `repeat` the last answer is returned.
    Before the call, `later` seconds pass for the app, and for nobody else, and `sql` is run on the scratch database.
    """

    method: str
    path: str
    query: dict[str, Any] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Any = Field(default=None, serialization_alias="json")
    form: dict[str, Any] | None = None
    raw: str = ""
    keep: dict[str, str] = Field(default_factory=dict)
    client: str = ""
    repeat: int = 1
    later: float = 0.0
    sql: str = ""

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"


class Answer(Frozen):
    """What came back. There is no `status` where the app raised or did not end; `error` says which."""

    status: int | None
    headers: dict[str, str]
    cookies: dict[str, str]
    body: str
    error: str = ""

    @property
    def outcome(self) -> str:
        """The status, or in its place what the app raised: so a sentence can say what a request was answered with."""
        return str(self.status or f"an error ({self.error[:200] or 'of no name'})")

    @property
    def told(self) -> str:
        """What it says, for evidence: the error that the app raised, or else the beginning of the body."""
        return (self.error or self.body)[:500]

    @property
    def said(self) -> Any:
        """What the body says: values, where it is JSON, as the order of its keys may be another in every process."""
        return self.body if self.json_body is None else self.json_body

    @property
    def json_body(self) -> Any:
        """The body as JSON, or nothing if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Admitting(Frozen):
    """A guard that is to let everybody through; without a file, `guard_name` is that of a security scheme."""

    guard_file: str
    guard_name: str


class Around(Frozen):
    """What is around a conversation.

    With `tables` they are made from the models, else by whatever the app does when it starts; what those in `rows` hold
    at the end is returned. `variables` are set in the environment before the import, `patches` (`module:name` and a
    value) after it. With `breaks` there is an endpoint at that path that raises. The guards in `admits` let everybody
    through, as the first user where the app has users. `fill` says how many rows tables have; with `flag`, all flags in
    them are set. The columns in `vary` have one of two values each, in all combinations of three.
    """

    tables: bool = True
    rows: tuple[str, ...] = ()
    variables: dict[str, str] = Field(default_factory=dict)
    patches: dict[str, Any] = Field(default_factory=dict)
    breaks: str = ""
    admits: tuple[Admitting, ...] = ()
    fill: dict[str, int] = Field(default_factory=dict)
    flag: bool = False
    vary: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Conversation(Frozen):
    """All answers in the order of the calls, and what the tables that were asked for hold at the end.

    `printed` is what the app wrote to its output, logs included.
    """

    startup: str
    answers: tuple[Answer, ...]
    rows: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)
    printed: str = ""


_CONVERSATION = TypeAdapter(Conversation)


def converse(
    pair: Pair, side: Side, calls: Sequence[Call], around: Around | None = None, *, seconds: float = 60.0
) -> Conversation:
    """Start the app of one tree on a scratch database, send it `calls` in their order, and return the answers.

    Raises `StepFailed` if it cannot be imported, or does not end in time.
    """
    around = around or Around()
    entry = pair.entry(side)
    result = pair.run(
        side,
        "conversation",
        seconds,
        entry={"module": entry.module, "attribute": entry.attribute},
        directory=entry.base,
        calls=[call.model_dump(mode="json", by_alias=True) for call in calls],
        **around.model_dump(mode="json"),
        each_seconds=min(10.0, seconds),
        startup_seconds=min(15.0, seconds),
    )
    if result.get("problem"):
        raise StepFailed(str(result["problem"]))
    return _CONVERSATION.validate_python({name: result[name] for name in ("startup", "answers", "rows", "printed")})
