"""The planner that needs no model: rules and lexicon first, then the nearest examples, then a question."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
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
from fastwright.agent.reading.folding import fold
from fastwright.agent.reading.guessing import as_meant, by_example, likeliest, with_more
from fastwright.agent.reading.intents import describes_design, read
from fastwright.agent.reading.judging import Unsure, borne_out, without_doubtful
from fastwright.agent.reading.layout import laid_out
from fastwright.agent.reading.lexicon import Lexicon, lexicon
from fastwright.agent.reading.requests import Request
from fastwright.agent.reading.telling import framed, with_told, without_frame, without_told
from fastwright.agent.reading.text import Text

_CAN = (
    "I can protect, speed up, check, explain, test and extend this backend (sign-in, roles, pagination, caching, "
    "rate limits, new resources and more), prove your own changes, and undo mine."
)
_REFRESHING = (
    "There is sign-in already, and it is the app's own: I do not rewrite it. Refresh tokens come with the sign-in that "
    "I add where there is none."
)
_SIGNING_IN = frozenset({"token", "tokens", "login", "refresh", "signin", "sign-in"})


class OfflinePlanner:
    """Plans in milliseconds, from the words and the project map alone."""

    def plan(self, words: str, project: ProjectView) -> Planned:
        """Return the plan, or what has to be asked first, or why there is none."""
        if len(words) > _LONGEST:
            question = Question(text="That is too long for me to be sure. What do you want, in a few sentences?")
            return Planned(questions=(question,), explanation=question.text)
        chosen = next((one for one in _MEANT.findall(words) if one in self._lexicon.overrules), "")
        text = self._read(_MEANT.sub(lambda found: " " * len(found.group()), words), project)
        text = as_meant(text, chosen) if chosen else self._weighed(text)
        if not text.folded.requests:
            return self._nothing(text)
        found: list[Step] = []
        try:
            for request in text.folded.requests if chosen else borne_out(text):
                if _only_says_why(request, text.folded.requests):
                    continue
                _settle_on_guard(request, project)
                found += steps(self._context(text, request, project))
        except Unsure as unsure:
            return self._unsure(unsure.intents, words)
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

    def _read(self, words: str, project: ProjectView) -> Text:
        places = Places(project)
        layout = laid_out(words)
        found = self._reader.words(tokens(layout.text, lambda path: places.at(path) is not None), places.words)
        mentions = Grounding(places, self._lexicon).mentions(found)
        taken = frozenset(place for one in mentions for place in range(one.start, one.end))
        roles = tuple(roles_named(found, project.roles, taken))
        mentions = _without_roles(mentions, roles)
        columns = frozenset(part for model in project.models for column in model.columns for part in column.split("_"))
        chunks = with_told(framed(cut(found, mentions), layout))
        design = describes_design([word for word in found if not layout.is_output(word.start)])
        topics = [chunk.joint == ":" for chunk in chunks[1:]] + [False] * bool(chunks)
        readings = [
            read(self._lexicon, chunk, roles, columns, design=design, topic=topic)
            for chunk, topic in zip(chunks, topics, strict=True)
        ]
        readings = without_frame(chunks, without_told(chunks, readings), layout)
        text = Text(words, found, places, roles, fold(chunks, readings), tuple(chunks))
        return with_more(text, readings)

    def _weighed(self, text: Text) -> Text:
        """Return the text without what is doubtful, and as the examples have it where nothing else was found."""
        text = without_doubtful(text)
        return text if text.folded.requests or text.folded.outside else by_example(text)

    def _context(self, text: Text, request: Request, project: ProjectView) -> Context:
        taken = [one for other in text.folded.requests if other is not request for one, _ in other.targets]
        named = tuple(one for chunk in text.chunks for one in chunk.mentions if not one.is_whole and one not in taken)
        return Context(request, text.text, text.words, project, text.places, text.roles, self._lexicon, named)

    def _unsure(self, intents: Sequence[str], words: str) -> Planned:
        """Return the question which of the readings is meant, if any."""
        readings = " or ".join(f"“{intent}”" for intent in intents)
        question = Question(
            text=f"I am not sure that this asks for {readings}. What should be done, and to which endpoints?",
            choices=(*(Choice(label=one, words=f"{words} (meant: {one})") for one in intents), *_SUGGESTED),
        )
        return Planned(questions=(question,), explanation=question.text)

    def _planned(self, plan: list[Step], text: Text, project: ProjectView) -> Planned:
        if project.auth and any(_is_about_signing_in(step, text.text) for step in plan):
            plan = [step for step in plan if not _is_about_signing_in(step, text.text)]
            if not plan and "refresh" in {word.lemma for word in text.words}:
                return Planned(explanation=_REFRESHING)
            if not plan:
                question = Question(text="There is sign-in already. Which endpoints should need it?")
                return Planned(questions=(question,), explanation=question.text)
        left_out = [self._out(group, chunk.words) for group, chunk in text.folded.outside]
        left_out += [
            f"I left out “{_quoted(chunk.words)}”, since I am not sure what it asks for."
            for chunk in text.folded.unsure
        ]
        if any(group in {"unsafe", "data"} for group, _ in text.folded.outside):
            return Planned(explanation=" ".join(left_out))
        return Planned(plan=tuple(plan), explanation=" ".join(left_out))

    def _nothing(self, text: Text) -> Planned:
        groups = text.folded.outside
        if groups and groups[0][0] in {"removal", "missing"}:
            why = self._out(*_said(groups[0]))
            return Planned(questions=(Question(text="What should be done instead?"),), explanation=why)
        if groups and groups[0][0] != "vague":
            return Planned(explanation=" ".join(self._out(group, chunk.words) for group, chunk in groups[:1]))
        guesses = [Choice(label=one, words=f"{text.text} (meant: {one})") for one in likeliest(text)]
        question = Question(text="What should be done, and to which endpoints?", choices=(*guesses, *_SUGGESTED))
        return Planned(questions=(question,), explanation=f"I do not see what is to be done here. {_CAN}")

    def _out(self, group: str, words: tuple[Word, ...]) -> str:
        outside = self._lexicon.outside[group]
        return f"“{_quoted(words)}” is {outside.about}, which I do not do; {outside.instead}." if outside.about else ""


_LONGEST = 5_000
# What the choices add to the words where there is doubt.
_MEANT = re.compile(r"\(meant: ([a-z-]+)\)")


def _quoted(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _said(outside: tuple[str, Chunk]) -> tuple[str, tuple[Word, ...]]:
    group, chunk = outside
    return group, chunk.words


def _settle_on_guard(request: Request, project: ProjectView) -> None:
    """Make sign-in for some endpoints a guard where there is sign-in, and a guard of nothing what else was named."""
    points = any(chunk.has_pronoun for chunk in request.chunks)
    spoken = [chunk for _, chunk in request.background if chunk.sentence != request.asked_in]
    aside = not points and spoken and all(chunk.tells for chunk in spoken)
    aimed = bool(request.targets or request.background) and not (aside and not request.targets)
    if project.auth and request.intent in {"auth", "protect"} and _is_about_refreshing(request):
        request.intent, request.targets = "auth", []
        return
    if request.intent == "auth" and aimed and (project.auth or request.is_guard):
        request.intent = "protect"
    if request.intent == "protect" and not aimed and not _points(request):
        request.intent = next((one for one in ("roles", "auth") if one in request.also), "protect")


def _is_about_refreshing(request: Request) -> bool:
    """Whether tokens are to be renewed, and nothing is named but where they come from."""
    steps = {place.path.rpartition("/")[2] for one, _ in request.targets for place in one.places}
    pairs = {pair for chunk in request.chunks for pair in itertools.pairwise(chunk.lemmas)}
    is_pointed_at = any(one.how == "path" for one, _ in request.targets)
    return ("refresh", "token") in pairs and steps <= _SIGNING_IN and not is_pointed_at


def _is_about_signing_in(step: Step, said: str) -> bool:
    """Whether a step adds sign-in, or guards what tokens come from, of which nobody has spoken by its path."""
    path = str(step.args.get("path", "")).rstrip("/")
    last = path.rpartition("/")[2]
    guards_itself = step.verb == "protect" and last in _SIGNING_IN and f"/{last}" not in said
    return guards_itself or step.args.get("capability") == "auth"


def _points(request: Request) -> bool:
    """Whether something in particular is to be guarded, although it was not found: `it`, `the podcasts routes`."""
    pointed = {"it", "them", "this", "these", "those", "endpoint", "route", "url", "path", "page"}
    return any(pointed & set(chunk.lemmas) for chunk in request.chunks if not chunk.tells)


def _only_says_why(request: Request, requests: Sequence[Request]) -> bool:
    """Whether a request for protection, of nothing in particular, is only what the sign-in is wanted for."""
    aimless = request.intent == "protect" and not request.targets and not request.background
    return aimless and any(one.intent == "auth" for one in requests)


_SUGGESTED = (
    Choice(label="Tell what the project is", words="show me the endpoints and models"),
    Choice(label="Check it", words="review the project"),
)


def _without_roles(mentions: list[Mention], roles: tuple[Role, ...]) -> list[Mention]:
    """Return the mentions that are not roles: only doctors may prescribe."""
    named = {role.start for role in roles}
    return [one for one in mentions if not (one.end - one.start == 1 and one.start in named)]
