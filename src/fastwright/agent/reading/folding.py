"""Fold chunks into requests, in the order said."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.aiming import aimed_at
from fastwright.agent.reading.chunks import Chunk, is_list_item
from fastwright.agent.reading.cohesion import (
    all_targets,
    describes,
    ends_in_mention,
    goes_on,
    is_another,
    is_part_of_design,
    only_complains,
    says_why,
    wants_after_all,
)
from fastwright.agent.reading.intents import WITHOUT_ARGUMENTS, Reading
from fastwright.agent.reading.requests import Folded, Request

_LOOKS_BACK = frozenset({"check", "prove", "map", "undo", "new", "resource"}) | WITHOUT_ARGUMENTS
_WHEN = frozenset({"when", "if", "after", "once", "whenever"})
_SAYING = frozenset({"must", "can", "may", "should", "only", "be", "need", "require"})


def fold(chunks: Sequence[Chunk], readings: Sequence[Reading]) -> Folded:
    """Return the requests of a text, in the order said."""
    folder = _Folder()
    reading_of = {chunk.start: reading for chunk, reading in zip(chunks, readings, strict=True)}
    for chunk, one, after in zip(chunks, readings, (*chunks[1:], None), strict=False):
        topic = after is not None and after.joint in {":", "->"} and bool(chunk.mentions)
        leads = after is not None and after.sentence == chunk.sentence and bool(reading_of[after.start].intents)
        idle = topic and leads and READ_ONLY.issuperset(one.intents)  # the webhooks are open -> must need a login
        reading = Reading(outside=one.outside) if idle else one
        folder.take(chunk, reading, topic=topic, leads=leads)
    folder.finish()
    is_list = len(chunks) > 1 and chunks[1].joint == ":" and (
        chunks[1].lemmas[0] in _BULLETS or chunks[1].sentence > chunks[0].sentence
    )  # fmt: skip
    if is_list:
        _give_header(chunks[0], folder.folded.requests)
    return folder.folded


def _give_header(header: Chunk, requests: Sequence[Request]) -> None:
    """Give the items of a list what stands before it: `For the orders: 1) … 2) tests`."""
    for request in requests:
        aimed = aimed_at(header, request.intent)
        if aimed is not None and not request.targets and not request.background:
            request.background.append((aimed, header))


_BULLETS = frozenset({"1", "-", "*", "a", "•"})


_THEM = frozenset({"both", "them", "those", "these", "each"})


def _goes_deeper(request: Request, chunk: Chunk) -> bool:
    """Whether a chunk names what is below what a request is about: the artists; one query for each of their works."""
    above = [place.path + "/" for mention, _ in request.targets for place in mention.places]
    below = [place.path for mention in chunk.mentions for place in mention.places]
    return len(below) == 1 and any(below[0].startswith(path) for path in above)


class _Folder:
    """Takes chunk after chunk; what comes before the first request belongs to it."""

    def __init__(self) -> None:
        self.folded = Folded()
        self._waiting: list[Chunk] = []
        self._topic = False
        self._topics: set[int] = set()

    def take(self, chunk: Chunk, reading: Reading, *, topic: bool, leads: bool) -> None:
        """Take the next chunk: a `topic` before a colon; one that `leads` is followed by what is wanted."""
        self._topic = topic
        if topic:
            self._topics.add(chunk.start)
        current = self.folded.requests[-1] if self.folded.requests else None
        designs = current is not None and current.intent in {"resource", "new"}
        if self._sets_aside(chunk, current, leads=leads):
            return
        if current is not None and designs and describes(chunk):
            current.chunks.append(chunk)
        elif (
            reading.outside and not chunk.keeps_open and (current is None or len(chunk.words) > 1 or chunk.joint == ".")
        ):
            self.folded.outside.append((reading.outside, chunk))
        elif chunk.keeps_open or chunk.is_exception or not reading.intents:
            self._attach(chunk, current)
        elif current is not None and designs and is_part_of_design(chunk, reading):
            current.chunks.append(chunk)
        elif not self._is_reason(chunk, reading):
            for intent in reading.intents:
                self._want(intent, chunk, reading)

    def _sets_aside(self, chunk: Chunk, current: Request | None, *, leads: bool) -> bool:
        """Whether a chunk wants nothing: it forbids, says when, or takes back what seemed a complaint."""
        if chunk.forbids:
            self._leave_alone(chunk)
        elif chunk.lemmas[:1] and chunk.lemmas[0] in _WHEN and leads:
            self._waiting.append(chunk)
        elif self._stays_open(chunk, current):
            self.folded.requests.pop()
        else:
            return False
        return True

    def _is_reason(self, chunk: Chunk, reading: Reading) -> bool:
        """Whether a chunk says why something is asked for that is not ours: `port it to Go, Python is too slow`."""
        refused = any(other.sentence == chunk.sentence for _, other in self.folded.outside)
        return refused and reading.symptom and not chunk.mentions

    def _stays_open(self, chunk: Chunk, current: Request | None) -> bool:
        """Whether what seemed a complaint (it is public) is meant to be so (and should stay public)."""
        if current is None or not (current.symptom and current.intent == "protect"):
            return False
        return chunk.keeps_open and not chunk.mentions and not chunk.exceptions and chunk.sentence == current.sentence

    def finish(self) -> None:
        """Give the requests without a target the one that they share with others."""
        requests = self.folded.requests
        for place, one in enumerate(requests[:-1]):
            after = requests[place + 1]
            joined = (
                after.chunks
                and after.chunks[0].joint in {"and", ",", "or", "+", "&"}
                and after.chunks[0].sentence == one.sentence
            )
            if (
                joined
                and not (place and any(chunk.has_pronoun for chunk in one.chunks))
                and not one.targets
                and not one.background
                and one.intent not in WITHOUT_ARGUMENTS | {"undo", "prove"}
            ):
                one.background = list(after.targets[:1])
        for place, one in enumerate(requests):
            if one.targets or one.background or not place:
                continue
            before = requests[place - 1]
            said = any(chunk.has_pronoun for chunk in one.chunks if chunk.start <= one.chunks[0].start)
            if not said and one.intent == "protect" and "auth" in one.also:
                continue  # sign-in as such, and not a guard of what was named before
            if said or (one.chunks[0].sentence == before.sentence and one.intent not in _LOOKS_BACK):
                one.background = list(before.targets or before.background)
                if any(_THEM & set(chunk.lemmas) for chunk in one.chunks):
                    one.targets = all_targets(requests[:place])
        requests[:] = [one for one in requests if not only_complains(one, requests)]
        for waiting in self._waiting:
            if requests and waiting.sentence == requests[-1].sentence:
                requests[-1].chunks.append(waiting)

    def _want(self, intent: str, chunk: Chunk, reading: Reading) -> None:
        current = self.folded.requests[-1] if self.folded.requests else None
        if current is not None and not self._waiting and self._is_more_of(current, intent, chunk, reading):
            if current.symptom and reading.explicit:
                if (
                    current.intent == intent and chunk.mentions and not says_why(chunk, current)
                ):  # spam in the comments: limit the comments of a post
                    current.background, current.targets = [*current.targets, *current.background], []
                current.intent, current.symptom, current.asked_in = intent, False, chunk.sentence
            current.chunks.append(chunk)
            if not says_why(chunk, current) or _goes_deeper(current, chunk):
                self._aim(current, chunk)
            return
        request = Request(intent, chunk.sentence, reading.symptom, [chunk], also=reading.also)
        request.exceptions += chunk.exceptions
        self._aim(request, chunk)
        all_of_them = not request.targets and bool(_THEM & set(chunk.lemmas))
        nearest = max((one.start for one in self._waiting if one.start in self._topics), default=-1)
        for waiting in self._waiting:
            listed = waiting.start not in self._topics or (waiting.start == nearest and not request.targets)
            listed &= is_list_item(waiting) or (chunk.joint in {"and", "or", ","} and ends_in_mention(waiting))
            self._backdrop(request, waiting, list_item=(listed or all_of_them) and waiting.sentence == chunk.sentence)
        self._waiting = []
        self.folded.requests.append(request)

    def _is_more_of(self, current: Request, intent: str, chunk: Chunk, reading: Reading) -> bool:
        """Whether the chunk says more about the request before it, and does not begin another."""
        known = {mention.places for mention, _ in (*current.targets, *current.background)}
        new = [one for one in chunk.mentions if one.places not in known]
        if current.intent == intent and (says_why(chunk, current) or wants_after_all(current, chunk, reading)):
            return True
        if current.intent == intent:
            says = chunk.sentence != current.sentence or bool(_SAYING & set(chunk.lemmas))
            again = says and reading.explicit and not current.symptom and aimed_at(chunk, intent) is not None
            return not known or (not new and not again) or (reading.symptom and not current.symptom)
        if current.symptom and reading.explicit:
            return (not new or not known) and intent not in WITHOUT_ARGUMENTS
        return reading.symptom and not current.symptom and not new and chunk.sentence != current.sentence

    def _aim(self, request: Request, chunk: Chunk) -> None:
        request.exceptions += [one for one in chunk.exceptions if one not in request.exceptions]
        if chunk.mentions and (aimed := aimed_at(chunk, request.intent)) is not None:
            request.targets.append((aimed, chunk))

    def _attach(self, chunk: Chunk, current: Request | None) -> None:
        if current is None or chunk.joint == "->" or self._topic:
            self._waiting.append(chunk)
            return
        said_in = next((one.sentence for one in reversed(current.chunks) if not one.tells), current.asked_in)
        aside = chunk.tells and chunk.sentence != said_in and chunk.mentions and not chunk.keeps_open
        looks_back = any(one.has_pronoun for one in current.chunks) and len(self.folded.requests) > 1
        points = any(one.has_pronoun for one in current.chunks) and (current.targets or current.background)
        if chunk.tells and chunk.mentions and points and current.intent not in {"resource", "new"}:
            return  # make it faster, the patients are waiting
        has_target = current.targets or current.background or looks_back or current.intent in WITHOUT_ARGUMENTS
        if aside and has_target and current.intent not in {"resource", "new"}:
            return
        if "same" in chunk.lemmas and any("already" in one.lemmas for one in current.chunks):
            current.targets.clear()  # what is named there has it; the same is wanted for others
        if is_another(current, chunk):
            self.folded.requests.append(Request(current.intent, chunk.sentence, chunks=[chunk]))
            self._aim(self.folded.requests[-1], chunk)
            return
        current.chunks.append(chunk)
        current.exceptions += chunk.exceptions
        if chunk.keeps_open:
            current.open_chunks.append(chunk)
        else:
            listed = is_list_item(chunk) and goes_on(current, chunk) and not says_why(current.chunks[-2], current)
            self._backdrop(current, chunk, list_item=listed)

    def _backdrop(self, request: Request, chunk: Chunk, *, list_item: bool) -> None:
        request.exceptions += [one for one in chunk.exceptions if one not in request.exceptions]
        if chunk not in request.chunks:
            request.chunks.insert(0, chunk)
        if chunk.keeps_open:
            request.open_chunks.append(chunk)
            if (aimed := aimed_at(chunk, request.intent)) is not None:
                request.background.insert(0, (aimed, chunk))
        elif (aimed := aimed_at(chunk, request.intent)) is not None:
            (request.targets if list_item else request.background).append((aimed, chunk))

    def _leave_alone(self, chunk: Chunk) -> None:
        if self.folded.requests:
            self.folded.requests[-1].exceptions += chunk.mentions + chunk.exceptions
