"""A text that was read against a project: its words, what they point to, its chunks, and what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.grounding.places import Places
from fastwright.agent.grounding.roles import Role
from fastwright.agent.language.words import Word
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.cues import is_status
from fastwright.agent.reading.requests import Folded


@dataclass(frozen=True)
class Text:
    """A text that was read against a project."""

    text: str
    words: list[Word]
    places: Places
    roles: tuple[Role, ...]
    folded: Folded
    chunks: tuple[Chunk, ...] = ()

    def sentence(self, number: int) -> list[Chunk]:
        """Return the chunks of one sentence, without those that say what is to be left alone."""
        return [chunk for chunk in self.chunks if chunk.sentence == number and not chunk.forbids]

    def masked(self, chunks: Sequence[Chunk]) -> list[str]:
        """Return chunks as examples are written: `place`, `role`, `num` and `status` for what differs between apps.

        What is excepted in them is left out.
        """
        roles = {role.start for role in self.roles}
        spans = {one.start: one.end for chunk in chunks for one in chunk.mentions if _is_named(one)}
        lemmas: list[str] = []
        for chunk in chunks:
            place, end = chunk.start, chunk.end if chunk.excepts_from is None else chunk.excepts_from
            while place < end:
                if place in spans:
                    lemmas.append("place")
                else:
                    lemmas.append("role" if place in roles else _plain(self.words[place]))
                place = spans.get(place, place + 1)
        return lemmas


def _is_named(mention: Mention) -> bool:
    """Whether a mention is of something that differs between apps; `login` and `token` do not."""
    signs_in = bool(mention.places) and all(place.signs_in for place in mention.places)
    own = any(place.names[-1] in _OF_EVERY_APP for place in mention.places)
    return not mention.is_whole and (mention.how == "path" or not (signs_in or own or mention.how == "synonym"))


# Endpoints that are called as what is asked for is.
_OF_EVERY_APP = frozenset({("health",), ("metric",), ("admin",)})


def _plain(word: Word) -> str:
    if word.kind == "number":
        return "status" if is_status(word.text) else "num"
    return word.lemma
