"""What every filler needs: the request, the text and the project; and the question, where something is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.grounding.places import Places
from fastwright.agent.grounding.roles import Role
from fastwright.agent.language.words import Word
from fastwright.agent.plan import Choice, Question
from fastwright.agent.project import ProjectView
from fastwright.agent.reading.lexicon import Lexicon
from fastwright.agent.reading.requests import Request


class Open(Exception):
    """Raised by a filler: the words leave open what `text` asks; caught by the planner."""

    def __init__(self, text: str, choices: Sequence[str] = (), span: tuple[int, int] | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.choices = choices
        self.span = span

    def question(self, words: str) -> Question:
        """Return the question; each choice says the whole request again, with what is chosen in place of `span`."""
        start, end = self.span or (len(words), len(words))
        said = words if self.span else words.rstrip(" .!?") + ": "
        if not self.span:
            start = end = len(said)
        choices = (Choice(label=one, words=said[:start] + one + said[end:]) for one in self.choices)
        return Question(text=self.text, choices=tuple(choices))


@dataclass(frozen=True)
class Context:
    """One request of a text, and everything that it is read against."""

    request: Request
    text: str
    words: Sequence[Word]
    project: ProjectView
    places: Places
    roles: Sequence[Role]
    lexicon: Lexicon
    named: tuple[Mention, ...] = ()

    @property
    def own_words(self) -> list[Word]:
        """Return the words of the request's chunks."""
        return [word for chunk in self.request.chunks for word in chunk.words]

    @property
    def suggestions(self) -> list[str]:
        """Return a few paths to choose from: collections, and not the endpoints for signing in."""
        return [place.path for place in self.places.all if place.depth == 1 and not place.signs_in][:6]

    @property
    def span(self) -> Sequence[Word]:
        """Return all words from the request's first to its last, marks between them included."""
        chunks = self.request.chunks
        return self.words[min(chunk.start for chunk in chunks) : max(chunk.end for chunk in chunks)]

    @property
    def own_text(self) -> str:
        """Return the text from the request's first word to its last."""
        words = self.own_words
        if not words:
            return ""
        start, end = min(word.start for word in words), max(word.end for word in words)
        return self.text[start:end] + ")" * self.text[end:].startswith(")")


def ask(text: str, choices: Sequence[str] = ()) -> Open:
    """Return the question as what a filler raises."""
    return Open(text, choices)


def ask_instead(text: str, choices: Sequence[str], words: Sequence[Word], start: int, end: int) -> Open:
    """Return the question what should stand in place of the words from `start` to `end`."""
    return Open(text, choices, (words[start].start, words[end - 1].end))
