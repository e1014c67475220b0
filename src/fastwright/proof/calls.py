"""Requests that a promise sends to the staged app, and what they are answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field, TypeAdapter

from fastwright.design.model import Frozen
from fastwright.proof.model import StepFailed
from fastwright.proof.pair import Pair, Side


class Call(Frozen):
    """One request; `{{name}}` in any of its texts is what an earlier call has kept under that name.

    `keep` names what later calls use: a JSON pointer into the body (RFC 6901), `header:name`, or `cookie:name`. Every
    call seems to come from another address, unless `client` names one. With `repeat` the last answer is returned.
    """

    method: str
    path: str
    query: dict[str, Any] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Any = Field(default=None, serialization_alias="json")
    form: dict[str, Any] | None = None
    keep: dict[str, str] = Field(default_factory=dict)
    client: str = ""
    repeat: int = 1

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
    def json_body(self) -> Any:
        """The body as JSON, or nothing if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Conversation(Frozen):
    """All answers in the order of the calls."""

    startup: str
    answers: tuple[Answer, ...]


_CONVERSATION = TypeAdapter(Conversation)


def converse(
    pair: Pair, side: Side, calls: Sequence[Call], *, tables: bool = True, seconds: float = 60.0
) -> Conversation:
    """Start the app of one tree on a scratch database, send it `calls` in their order, and return the answers.

    With `tables` they are made from the models, else by whatever the app does when it starts. Raises `StepFailed` if it
    cannot be imported, or does not end in time.
    """
    entry = pair.entry(side)
    result = pair.run(
        side,
        "conversation",
        seconds,
        entry={"module": entry.module, "attribute": entry.attribute},
        directory=entry.base,
        calls=[call.model_dump(mode="json", by_alias=True) for call in calls],
        tables=tables,
        each_seconds=min(10.0, seconds),
        startup_seconds=min(15.0, seconds),
    )
    if result.get("problem"):
        raise StepFailed(str(result["problem"]))
    return _CONVERSATION.validate_python({name: result[name] for name in ("startup", "answers")})
