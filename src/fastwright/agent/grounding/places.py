"""The places of a project (paths under which there are endpoints), and the words by which people call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import inflection

from fastwright.agent.language.inflection import guessed_form
from fastwright.agent.project import Endpoint, Model, ProjectView

Phrase = tuple[str, ...]
_VERSION = re.compile(r"v\d+")
_LIST = re.compile(r"(?:list|List|Sequence|Page|\w*Page)\[(\w+)\]")
_SUFFIX = re.compile(r"(Read|Create|Update|Out|In|Response|Request|Schema|Public|Base|Detail|Summary|List)+$")


@dataclass(frozen=True)
class Place:
    """A path that ends in a name, and the endpoints at it and below it."""

    path: str
    names: tuple[Phrase, ...]
    endpoints: tuple[Endpoint, ...]
    is_people: bool = False

    @property
    def depth(self) -> int:
        """Return how many names the path has."""
        return len(self.names)

    @property
    def own(self) -> tuple[Endpoint, ...]:
        """Return the endpoints that are neither at nor below a deeper name."""
        return tuple(one for one in self.endpoints if one.segments[: len(_split(self.path))] == _split(self.path)
                     and all(part.startswith("{") for part in one.segments[len(_split(self.path)) :]))  # fmt: skip

    @property
    def signs_in(self) -> bool:
        """Whether all that is here is how callers get in."""
        return all(one.signs_in for one in self.endpoints)

    def has(self, methods: Iterable[str]) -> bool:
        """Return whether one of the methods is there, at the place itself."""
        return any(one.method in set(methods) for one in self.own)


class Places:
    """All places of one project, by what they are called."""

    def __init__(self, project: ProjectView) -> None:
        self.project = project
        self.all = tuple(_places(project))
        self.by_path: Mapping[str, Place] = {place.path: place for place in self.all}

    @cached_property
    def phrases(self) -> Mapping[Phrase, tuple[Place, ...]]:
        """Return the names of the places: the nearest to the root alone, where one name is at several depths."""
        found: dict[Phrase, list[Place]] = defaultdict(list)
        for place in self.all:
            for phrase in {*_phrases(place), *self._model_phrases(place)}:
                found[phrase].append(place)
        return {phrase: _nearest(places) for phrase, places in found.items()}

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the names of all columns."""
        return frozenset(column for model in self.project.models for column in model.columns)

    @cached_property
    def words(self) -> frozenset[str]:
        """Return every word of the names, of the models and of the columns."""
        names = {word for phrase in self.phrases for word in phrase}
        models = {part for model in self.project.models for part in parts(model.name)}
        return frozenset(names | models | set(self.project.roles))

    def heads(self, word: str) -> tuple[Place, ...]:
        """Return the places whose compound name ends in `word`: `records` are medical and billing records."""
        return _nearest([place for place in self.all if len(place.names[-1]) > 1 and place.names[-1][-1] == word])

    def starts(self, word: str) -> tuple[Place, ...]:
        """Return the places whose compound name starts with `word`: `fuel` are the fuel entries."""
        return _nearest([place for place in self.all if len(place.names[-1]) > 1 and place.names[-1][0] == word])

    def at(self, path: str) -> str | None:
        """Return the path of the project that `path` is, whatever stands for its parameters; none if it has none."""
        for candidate in (path, self.project.prefix + path):
            if found := self._matching(_split(candidate)):
                return found
        return None

    def _matching(self, wanted: tuple[str, ...]) -> str | None:
        known = {"/" + "/".join(one.segments[:size]) for one in self.project.endpoints
                 for size in range(1, len(one.segments) + 1)}  # fmt: skip
        fitting = [path for path in known if _fits(wanted, _split(path))]
        return min(fitting, key=lambda path: (path.count("{"), path)) if fitting else None

    def _model_phrases(self, place: Place) -> Iterator[Phrase]:
        """Yield the names of the models that are listed or shown at a place."""
        for endpoint in place.own:
            for model in (endpoint.response_model, endpoint.request_model):
                if model:
                    name = _SUFFIX.sub("", _LIST.sub(r"\1", model))
                    if len(found := parts(name)) > 0 and not _is_borrowed(found, place):
                        yield found


def parts(name: str) -> Phrase:
    """Return the words of an identifier or path segment, the last one in the singular."""
    words = [word for word in re.split(r"[^a-z0-9]+", inflection.underscore(name)) if word]
    return (*words[:-1], guessed_form(words[-1])) if words else ()


def _places(project: ProjectView) -> Iterator[Place]:
    skip = len(_split(project.prefix))
    people = {parts(model.name) for model in project.models if _is_person(model)}
    below: dict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in project.endpoints:
        start = skip if endpoint.path.startswith(project.prefix + "/") else 0
        for size in range(start + 1, len(endpoint.segments) + 1):
            if not endpoint.segments[size - 1].startswith("{"):
                below["/" + "/".join(endpoint.segments[:size])].append(endpoint)
    for path, endpoints in below.items():
        start = skip if path.startswith(project.prefix + "/") else 0
        names = [part for part in _split(path)[start:] if not part.startswith("{") and not _VERSION.fullmatch(part)]
        if names:
            phrases = tuple(parts(name) for name in names)
            yield Place(path, phrases, tuple(endpoints), phrases[-1] in people)


def _is_person(model: Model) -> bool:
    """Whether a model is of people: it has a name, and an address by which they are reached."""
    return "email" in model.columns and any(column.endswith("name") for column in model.columns)


def _phrases(place: Place) -> Iterator[Phrase]:
    """Yield what the place is called: its last name, and with the name above it, in both orders."""
    last = place.names[-1]
    yield last
    if len(last) > 1:
        yield ("".join(last),)
    if place.depth > 1:
        above = place.names[-2]
        yield above + last
        yield last + above


def _is_borrowed(name: Phrase, place: Place) -> bool:
    """An export of contacts shows contacts, and is not where the contacts are."""
    return place.depth > 1 and name == place.names[-1]


def _nearest(places: list[Place]) -> tuple[Place, ...]:
    """Return the places that are nearest to the root."""
    depth = min((place.depth for place in places), default=0)
    return tuple(place for place in places if place.depth == depth)


def _split(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def _fits(wanted: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if len(wanted) != len(path):
        return False
    return all(there.startswith("{") or one.lower() == there.lower() for one, there in zip(wanted, path, strict=True))
