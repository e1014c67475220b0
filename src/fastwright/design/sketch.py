"""A design that others imply: what of it can be expressed is built, and what cannot is told, one sentence each.

Readers of foreign descriptions put members into sketches. Names are made to fit here, and what the design refuses in
the end is taken out, so that the rest of it can be used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fastwright.design import naming, reserved
from fastwright.design.build import build
from fastwright.design.checks.names import MEMBER_NAME, RESOURCE_NAME
from fastwright.design.draft import DesignDraft, FieldDraft, ListDraft, RelationDraft, ResourceDraft
from fastwright.design.fields import FieldParts, make_field
from fastwright.design.model import Design
from fastwright.design.source import InvalidDesignError, Spot, Word
from fastwright.errors import DesignError

_CIRCLE = "could never be created", "could ever be created"
_MAX_ROUNDS = 500
_DESCRIPTION = 200


@dataclass(frozen=True)
class Imported:
    """The design, and everything that was there and is not in it."""

    design: Design
    left_out: tuple[str, ...]


@dataclass
class Sketch:
    """One resource as far as it is known; members and access are by their names in the design."""

    name: str
    plural: str = ""
    description: str = ""
    fields: dict[str, FieldDraft] = field(default_factory=dict[str, FieldDraft])
    relations: dict[str, RelationDraft] = field(default_factory=dict[str, RelationDraft])
    access: dict[str, str] = field(default_factory=dict[str, str])
    filters: tuple[str, ...] = ()

    def spot(self, member: str = "") -> Spot:
        return Spot(f"{self.name}.{member}" if member else self.name)

    def word(self, text: str, member: str = "") -> Word:
        return Word(text, self.spot(member), literal=False)

    def add_field(self, candidates: Sequence[FieldParts], notes: list[str]) -> None:
        """Add the first of these that the design accepts, and tell why the better ones were refused."""
        for parts in candidates:
            try:
                self.fields[parts.name.text] = make_field(parts)
            except DesignError as error:
                notes.append(f"{parts.name.spot.source}: {error.message}")
            else:
                return

    def add_relation(
        self, name: str, target: str, *, many: bool = False, required: bool = True, unique: bool = False
    ) -> None:
        self.relations[name] = RelationDraft(
            name=self.word(name, name),
            target=self.word(target, name),
            kind="many_to_many" if many else "to_one",
            required=required and not many,
            unique=unique,
        )

    def draft(self) -> ResourceDraft:
        access = {action: (self.word(word),) for action, word in self.access.items()}
        filters = tuple(self.word(name) for name in self.filters if name in {*self.fields, *self.relations})
        return ResourceDraft(
            name=self.word(self.name),
            plural=self.word(self.plural) if self.plural else None,
            description=self.description,
            fields=tuple(self.fields.values()),
            relations=tuple(self.relations.values()),
            access=access,
            list=ListDraft(filter=filters) if filters else ListDraft(),
        )


def built(name: str, description: str, sketches: Sequence[Sketch], notes: list[str]) -> Imported:
    """Return the design of what the sketches can have together. Raises `DesignError` if the name cannot be used."""
    left = {sketch.name: sketch for sketch in sketches}
    for _round in range(_MAX_ROUNDS):
        draft = DesignDraft(
            name=Word(name, Spot("name")),
            description=one_line(description),
            resources=tuple(sketch.draft() for sketch in left.values()),
        )
        try:
            return Imported(build(draft), tuple(dict.fromkeys(notes)))
        except InvalidDesignError as error:
            for fault in error.faults:
                _give_way(left, fault, notes)
    raise DesignError("no design comes of this", hint="write one by hand: fastwright new NAME --design FILE")


def resource_name(text: str, project: str, notes: list[str]) -> str:
    """Return the name of a resource for what others call `text`."""
    words = naming.pascal(re.sub(r"[^A-Za-z0-9]+", " ", _ascii(text))) or "Thing"
    name = (words if re.fullmatch(RESOURCE_NAME, words) else f"A{words}")[: naming.NAME_LIMIT]
    if reserved.class_reason(name) or reserved.variable_reason(naming.snake(name)):
        name = f"{naming.pascal(project)}{name}"[: naming.NAME_LIMIT]
    if name.casefold() != text.replace("_", "").replace("-", "").casefold():
        notes.append(f"{text} is called {name} here")
    return name


def plural_of(name: str) -> str:
    """Return a plural for a resource, where its own cannot be used."""
    return f"{naming.snake(name)}_items" if reserved.plural_reason(naming.plural(name)) else ""


def member_name(text: str, resource: str, notes: list[str], *, many: bool = False) -> str:
    """Return the name of a field or relation for what others call `text`; that it is in snake case is not told."""
    name = naming.snake(_ascii(text)) or "value"
    if not re.fullmatch(MEMBER_NAME, name):
        name = f"the_{name}"
    reason = reserved.many_reason(name) if many else reserved.member_reason(name)
    if reason or len(name) > naming.NAME_LIMIT:
        name = f"{naming.snake(resource)}_{name}"[-naming.NAME_LIMIT :].lstrip("_0123456789")
        notes.append(f"{resource}.{text} is called {name} here{f': {reason}' if reason else ''}")
    return name


def one_line(text: object) -> str:
    """Return a description as a line."""
    line = " ".join(str(text or "").split())
    return "".join(sign for sign in line if sign.isprintable())[:_DESCRIPTION].strip()


def _give_way(left: dict[str, Sketch], fault: DesignError, notes: list[str]) -> None:
    """Take out what a fault points at."""
    name, _dot, member = fault.source.partition(".")
    sketch = left.get(name)
    if sketch is None:
        if name == "name":
            raise fault
        return
    relation = sketch.relations.get(member)
    if relation is not None and any(words in fault.message for words in _CIRCLE):
        sketch.relations[member] = replace(relation, required=False)
        notes.append(f"{fault.source} is optional here: {fault.message}")
    elif member and (sketch.fields.pop(member, None) or sketch.relations.pop(member, None)):
        notes.append(f"{fault.source} is left out: {fault.message}")
    elif sketch.access or sketch.filters:
        sketch.access, sketch.filters = {}, ()
        notes.append(f"{name} has the access of any resource: {fault.message}")
    else:
        del left[name]
        notes.append(f"{name} is left out: {fault.message}")
        _forget(left, name, notes)


def _forget(left: dict[str, Sketch], name: str, notes: list[str]) -> None:
    for sketch in left.values():
        for member, relation in list(sketch.relations.items()):
            if relation.target.text == name:
                del sketch.relations[member]
                notes.append(f"{sketch.name}.{member} is left out, as is {name}")


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()
