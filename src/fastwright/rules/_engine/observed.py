"""What was seen in runs that somebody asked for: the project's own tests, and requests to an app with rows in it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Observed:
    """`tested` are the endpoints that the tests call, as method, file and function; nothing if no test was run.

    `leaked` are the columns of secrets of which the value came back, by method and path.
    """

    tested: frozenset[tuple[str, str, str]] | None = None
    leaked: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
