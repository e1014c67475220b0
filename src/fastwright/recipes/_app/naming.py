"""What an app calls the models of bodies and answers, and the parameters that take them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import inflection

from fastwright.project.source import Function, last_name
from fastwright.recipes._recipe import Known

# What is taken and given to sign in is named after that, and not as things are.
_OF_ACCOUNTS = re.compile(r"Regist|Log_?in|Sign_?(in|up)|Token|Auth", re.IGNORECASE)


@dataclass(frozen=True)
class SchemaNames:
    """The ends of names: `CoffeeCreate` is taken, `CoffeeRead` is given, and `body` is the parameter for the first."""

    create: str
    read: str
    update: str
    body: str


def schema_names(known: Known) -> SchemaNames:
    """Return the names that most endpoints use, and common ones where that cannot be told."""
    pairs: Counter[tuple[str, str]] = Counter()
    for endpoint in known.project.endpoints:
        taken, given = endpoint.request_model, endpoint.response_model
        if endpoint.method == "POST" and taken and given and given.isidentifier():
            start = next((name for name in _models(known) if taken.startswith(name) and given.startswith(name)), "")
            if start and taken not in {given, start} and not _OF_ACCOUNTS.search(f"{taken} {given}"):
                pairs[taken.removeprefix(start), given.removeprefix(start)] += 1
    create, read = pairs.most_common(1)[0][0] if pairs else ("Create", _read(known))
    if not create.isidentifier() or not read.isidentifier():
        create, read = "Create", "Read"
    if read.startswith(create):
        # What a new key is shown as once is not how things are shown.
        read = read.removeprefix(create)
    return SchemaNames(create, read, _update(known, create), _body(known))


def _read(known: Known) -> str:
    """Return how most names of answers end, where no body is named in the same way."""
    ends: Counter[str] = Counter()
    for endpoint in known.project.endpoints:
        given = endpoint.response_model or ""
        start = next((name for name in _models(known) if given.startswith(name)), "")
        if start and start != given and given.isidentifier() and not _OF_ACCOUNTS.search(given):
            ends[given.removeprefix(start)] += 1
    end, count = ends.most_common(1)[0] if ends else ("Read", 0)
    return end if count > 1 else "Read"


def _models(known: Known) -> list[str]:
    return sorted((model.name for model in known.project.models), key=len, reverse=True)


def _update(known: Known, create: str) -> str:
    """Return the end of the name of what changes a row."""
    ends: Counter[str] = Counter()
    for endpoint in known.project.endpoints:
        taken = endpoint.request_model or ""
        start = next((name for name in _models(known) if taken.startswith(name)), "")
        if endpoint.method in ("PATCH", "PUT") and start:
            ends[taken.removeprefix(start)] += 1
    found = ends.most_common(1)[0][0] if ends else ""
    if found.isidentifier() and found != create:
        return found
    return create.replace("Create", "Update") if "Create" in create else "Update"


def _body(known: Known) -> str:
    taken = {endpoint.request_model for endpoint in known.project.endpoints if endpoint.request_model}
    names: Counter[str] = Counter()
    for file in known.source.own:
        for nodes in file.definitions.values():
            for node in nodes:
                if isinstance(node, Function) and node.decorator_list:
                    arguments = [*node.args.args, *node.args.kwonlyargs]
                    schemas = {one.arg: last_name(one.annotation) for one in arguments}
                    bodies = {name: schema for name, schema in schemas.items() if schema in taken}
                    names.update(name for name, schema in bodies.items() if not _is_of(name, schema))
    name, count = names.most_common(1)[0] if names else ("data", 0)
    return name if count > 1 else "data"


def _is_of(name: str, schema: str) -> bool:
    """Tell whether a parameter is named after its own schema, as `hero: HeroCreate` is: the next one is no hero."""
    own, whole = name.replace("_", "").lower(), schema.lower()
    return own == whole or (own in whole and not whole.endswith(own))


def body_name(known: Known, one: str) -> str:
    """Return what takes the body of a thing: `review_in` where that of a coffee is `coffee_in`, else what most take."""
    usual = schema_names(known).body
    models = (inflection.underscore(model.name) for model in known.project.models)
    start = next((model for model in models if usual.startswith(f"{model}_")), "")
    return usual.replace(start, one, 1) if start else usual
