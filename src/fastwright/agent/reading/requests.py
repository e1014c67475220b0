"""What is wanted in a text: one request for each thing, with what it is about and what it must leave alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.reading.chunks import Chunk


@dataclass
class Request:
    """One thing that is wanted, asked for in a sentence and gone on about until another.

    `targets` are what it was said of; `background` what was spoken of around it; sign-in `is_guard` where it is wanted
    for something.
    """

    intent: str
    asked_in: int = 0
    symptom: bool = False
    chunks: list[Chunk] = field(default_factory=list[Chunk])
    targets: list[tuple[Mention, Chunk]] = field(default_factory=list[tuple[Mention, Chunk]])
    background: list[tuple[Mention, Chunk]] = field(default_factory=list[tuple[Mention, Chunk]])
    exceptions: list[Mention] = field(default_factory=list[Mention])
    open_chunks: list[Chunk] = field(default_factory=list[Chunk])
    also: tuple[str, ...] = ()
    is_guard: bool = False

    @property
    def sentence(self) -> int:
        """Return the last sentence about it."""
        return self.chunks[-1].sentence


@dataclass
class Folded:
    """All that was found in a text; of what is `unsure` nothing is planned, and it is said so."""

    requests: list[Request] = field(default_factory=list[Request])
    outside: list[tuple[str, Chunk]] = field(default_factory=list[tuple[str, Chunk]])
    unsure: list[Chunk] = field(default_factory=list[Chunk])
