"""The planner that needs no model: rules and lexicon first, then the nearest examples, then a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fastwright.agent.filling.context import Context, Open
from fastwright.agent.filling.sequence import sequence
from fastwright.agent.filling.steps import steps
from fastwright.agent.grounding.mentions import Grounding, Mention
from fastwright.agent.grounding.places import Places
from fastwright.agent.grounding.roles import Role, roles_named
from fastwright.agent.language.tokens import tokens
from fastwright.agent.language.words import Reader, Word
from fastwright.agent.plan import Choice, Planned, Question, Step
from fastwright.agent.project import ProjectView
from fastwright.agent.reading.chunks import Chunk, cut
from fastwright.agent.reading.intents import Reading, describes_design, read
from fastwright.agent.reading.lexicon import Lexicon, lexicon
from fastwright.agent.reading.nearest import examples
from fastwright.agent.reading.requests import Folded, Request, fold

_CAN = (
    "I can protect, speed up, check, explain, test and extend this backend (sign-in, roles, pagination, caching, "
    "rate limits, new resources and more), prove your own changes, and undo mine."
)


@dataclass(frozen=True)
class _Text:
    """A text that was read against a project."""

    text: str
    words: list[Word]
    places: Places
    roles: tuple[Role, ...]
    folded: Folded
    chunks: tuple[Chunk, ...] = ()
    hints: tuple[tuple[str, ...], ...] = ()
    likely: tuple[str, ...] = ()


class OfflinePlanner:
    """Plans in milliseconds, from the words and the project map alone."""

    def plan(self, words: str, project: ProjectView) -> Planned:
        """Return the plan, or what has to be asked first, or why there is none."""
        if len(words) > _LONGEST:
            question = Question(text="That is too long for me to be sure. What do you want, in a few sentences?")
            return Planned(questions=(question,), explanation=question.text)
        text = self._read(words, project)
        if not text.folded.requests and not text.folded.outside:
            text = self._by_example(text)
        if not text.folded.requests:
            return self._nothing(text)
        found: list[Step] = []
        for request in text.folded.requests:
            if _only_says_why(request, text.folded.requests):
                continue
            if request.intent == "auth" and project.auth and (request.targets or request.background):
                request.intent = "protect"
            if request.intent == "protect" and not (request.targets or request.background):
                request.intent = next((one for one in ("roles", "auth") if one in request.also), "protect")
            try:
                found += steps(self._context(text, request, project))
            except Open as left_open:
                question = left_open.question(words)
                return Planned(questions=(question,), explanation=question.text)
        return self._planned(sequence(found, project), text, project)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return lexicon()

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._lexicon.words, self._lexicon.telling, self._lexicon.merges)

    def _read(self, words: str, project: ProjectView) -> _Text:
        places = Places(project)
        found = self._reader.words(tokens(words, lambda path: places.at(path) is not None), places.words)
        mentions = Grounding(places, self._lexicon).mentions(found)
        taken = frozenset(place for one in mentions for place in range(one.start, one.end))
        roles = tuple(roles_named(found, project.roles, taken))
        mentions = _without_roles(mentions, roles)
        columns = frozenset(part for model in project.models for column in model.columns for part in column.split("_"))
        chunks = cut(found, mentions)
        design = describes_design(found)
        readings = [read(self._lexicon, chunk, roles, columns, design=design) for chunk in chunks]
        return _Text(
            words, found, places, roles, fold(chunks, readings), tuple(chunks), tuple(one.hints for one in readings)
        )

    def _by_example(self, text: _Text) -> _Text:
        """Return the text as the examples nearest to one of its sentences have it; where they differ, as it is."""
        found: list[tuple[float, float, str, int]] = []
        for number in {chunk.sentence for chunk in text.chunks}:
            near = examples().nearest(_masked(text, number))
            if near:
                margin = near[0][1] - (near[1][1] if len(near) > 1 else 0.0)
                found.append((near[0][1], margin, near[0][0], number))
        if not found:
            return text
        nearness, margin, label, sentence = max(found)
        hinted = label in {hint for chunk in text.hints for hint in chunk}
        if nearness < (_NEAR if hinted else _NEAR_ALONE) or margin < _APART or label in {"vague", "outside"}:
            return replace(text, likely=tuple(label for _, _, label, _ in sorted(found, reverse=True)))
        place = _telling(text, sentence)
        readings = [Reading((label,), explicit=True) if at == place else Reading() for at in range(len(text.chunks))]
        return replace(text, folded=fold(text.chunks, readings))

    def _context(self, text: _Text, request: Request, project: ProjectView) -> Context:
        return Context(request, text.text, text.words, project, text.places, text.roles, self._lexicon)

    def _planned(self, plan: list[Step], text: _Text, project: ProjectView) -> Planned:
        if project.auth and any(step.args.get("capability") == "auth" for step in plan):
            plan = [step for step in plan if step.args.get("capability") != "auth"]
            if not plan:
                question = Question(text="There is sign-in already. Which endpoints should need it?")
                return Planned(questions=(question,), explanation=question.text)
        left_out = [self._out(group, chunk.words) for group, chunk in text.folded.outside]
        if any(group in {"unsafe", "data"} for group, _ in text.folded.outside):
            return Planned(explanation=" ".join(left_out))
        return Planned(plan=tuple(plan), explanation=" ".join(left_out))

    def _nothing(self, text: _Text) -> Planned:
        groups = text.folded.outside
        if groups and groups[0][0] in {"removal", "missing"}:
            why = self._out(*_said(groups[0]))
            return Planned(questions=(Question(text="What should be done instead?"),), explanation=why)
        if groups and groups[0][0] != "vague":
            return Planned(explanation=" ".join(self._out(group, chunk.words) for group, chunk in groups[:1]))
        question = Question(text="What should be done, and to which endpoints?", choices=_SUGGESTED)
        return Planned(questions=(question,), explanation=f"I do not see what is to be done here. {_CAN}")

    def _out(self, group: str, words: tuple[Word, ...]) -> str:
        outside = self._lexicon.outside[group]
        quoted = " ".join(word.text for word in words)
        return f"“{quoted}” is {outside.about}, which I do not do; {outside.instead}." if outside.about else ""


# How near an example has to be where a word hints at the same, or none does; and by how much nearer than others.
_NEAR = 0.34
_LONGEST = 5_000
_NEAR_ALONE = 0.5
_APART = 0.10


def _said(outside: tuple[str, Chunk]) -> tuple[str, tuple[Word, ...]]:
    group, chunk = outside
    return group, chunk.words


def _only_says_why(request: Request, requests: Sequence[Request]) -> bool:
    """Whether a request for protection, of nothing in particular, is only what the sign-in is wanted for."""
    aimless = request.intent == "protect" and not request.targets and not request.background
    return aimless and any(one.intent == "auth" for one in requests)


def _masked(text: _Text, sentence: int) -> list[str]:
    """Return a sentence as the examples are written: `place` for a place, `role` for a role, `num` for a number."""
    chunks = [chunk for chunk in text.chunks if chunk.sentence == sentence]
    roles = {role.start for role in text.roles}
    spans = {one.start: one.end for chunk in chunks for one in (*chunk.mentions, *chunk.exceptions) if not one.is_whole}
    lemmas: list[str] = []
    place, end = chunks[0].start, chunks[-1].end
    while place < end:
        word = text.words[place]
        if place in spans:
            lemmas.append("place")
        else:
            lemmas.append("role" if place in roles else "num" if word.kind == "number" else word.lemma)
        place = spans.get(place, place + 1)
    return lemmas


def _telling(text: _Text, sentence: int) -> int:
    """Return the chunk of a sentence that says what it is about: the first with a mention, or the longest."""
    inside = [at for at, chunk in enumerate(text.chunks) if chunk.sentence == sentence]
    return next(
        (at for at in inside if text.chunks[at].mentions), max(inside, key=lambda at: len(text.chunks[at].words))
    )


_SUGGESTED = (
    Choice(label="Tell what the project is", words="show me the endpoints and models"),
    Choice(label="Check it", words="review the project"),
)


def _without_roles(mentions: list[Mention], roles: tuple[Role, ...]) -> list[Mention]:
    """Return the mentions that are not roles: only doctors may prescribe."""
    named = {role.start for role in roles}
    return [one for one in mentions if not (one.end - one.start == 1 and one.start in named)]
