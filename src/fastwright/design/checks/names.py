"""Names that cannot be used: not in the right case, too long, reserved, or given twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fastwright.design import naming, reserved
from fastwright.design.draft import DesignDraft, ResourceDraft
from fastwright.design.naming import NAME_LIMIT
from fastwright.design.source import Word
from fastwright.errors import DesignError

PROJECT_NAME = r"[a-z][a-z0-9]*([-_][a-z0-9]+)*"
RESOURCE_NAME = r"[A-Z][A-Za-z0-9]*"
MEMBER_NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
MAX_RESOURCES = 200


def check_names(design: DesignDraft) -> Iterator[DesignError]:
    yield from check_project(design.name)
    yield from _roles(design.roles)
    if design.accounts and not re.fullmatch(MEMBER_NAME, design.accounts.text):
        yield design.accounts.fault("`accounts` is the name of a table", hint="write it as `accounts: people`")
    if len(design.resources) > MAX_RESOURCES:
        name = design.resources[MAX_RESOURCES].name
        message = f"{len(design.resources)} resources are too many"
        yield name.fault(message, hint=f"use at most {MAX_RESOURCES}, or several backends")
    yield from _twice((resource.name for resource in design.resources), "resource")
    for resource in design.resources:
        yield from _resource(resource, design.name.text)
        yield from _members(resource)


def check_project(name: Word) -> Iterator[DesignError]:
    """Refuse what cannot be the name of a project's folder and package."""
    example = naming.kebab(name.text) if name.text.isascii() else ""
    suggestion = example if re.fullmatch(PROJECT_NAME, example) else "my-shop"
    if not re.fullmatch(PROJECT_NAME, name.text):
        yield name.fault(
            f"`{name.text}` cannot be the name of a backend",
            hint=f"use lower-case letters, digits and single hyphens, as in `{suggestion}`",
        )
    elif len(name.text) > NAME_LIMIT:
        yield _too_long(name)
    elif name.text.replace("_", "-") in reserved.RESERVED_PROJECTS or reserved.variable_reason(name.text):
        yield name.fault(
            f"`{name.text}` is reserved: Python, the backend or one of its dependencies has that name",
            hint=f"add a word, as in `{naming.kebab(name.text)}-backend`",
        )


def _too_long(name: Word) -> DesignError:
    message = f"the name `{name.text}` has {len(name.text)} characters"
    return name.fault(message, hint=f"use at most {NAME_LIMIT}: databases cut off long names")


def _twice(names: Iterable[Word], what: str) -> Iterator[DesignError]:
    seen: set[str] = set()
    for name in names:
        if name.text in seen:
            yield name.fault(f"the {what} `{name.text}` is there twice", hint="rename or remove one of them")
        seen.add(name.text)


def _roles(roles: tuple[Word, ...]) -> Iterator[DesignError]:
    yield from _twice(roles, "role")
    for role in roles:
        if not re.fullmatch(MEMBER_NAME, role.text):
            yield role.fault(
                f"`{role.text}` cannot be the name of a role",
                hint=f"use lower-case letters, digits and `_`, as in `{_snake_example(role.text, 'editor')}`",
            )
        elif len(role.text) > NAME_LIMIT:
            yield _too_long(role)
        elif role.text in reserved.RESERVED_ROLES:
            yield role.fault(
                f"the role `{role.text}` is reserved for access rules",
                hint="use a word such as `editor`",
            )


def _snake_example(text: str, fallback: str) -> str:
    example = naming.snake(text) if text.isascii() else ""
    return example if re.fullmatch(MEMBER_NAME, example) else fallback


def _resource(resource: ResourceDraft, project: str) -> Iterator[DesignError]:
    name = resource.name
    if name.text == naming.USER:
        yield name.fault(
            "the resource `User` is built in, with login, registration and roles",
            hint="point at it with `->User`; more about a user goes into a `Profile` with `user:->User!`",
        )
        return
    if not re.fullmatch(RESOURCE_NAME, name.text):
        example = naming.pascal(_snake_example(name.text, "blog_post"))
        hint = f"start with a capital and use letters and digits, as in `{example}`"
        yield name.fault(f"`{name.text}` cannot be the name of a resource", hint=hint)
        return
    if len(name.text) > NAME_LIMIT:
        yield _too_long(name)
        return
    reason = reserved.class_reason(name.text) or reserved.variable_reason(naming.snake(name.text))
    if reason:
        hint = f"say which one, as in `{naming.pascal(_snake_example(project, 'my'))}{name.text}`"
        yield name.fault(f"the resource name `{name.text}` is reserved: {reason}", hint=hint)
        return
    yield from _plural(resource)


def _plural(resource: ResourceDraft) -> Iterator[DesignError]:
    word = resource.plural or Word(naming.plural(resource.name.text), resource.name.spot, literal=False)
    if not re.fullmatch(MEMBER_NAME, word.text):
        example = _snake_example(word.text, naming.plural(resource.name.text))
        yield word.fault(
            f"`{word.text}` cannot be a plural", hint=f"use lower-case words joined by `_`, as in `{example}`"
        )
        return
    if len(word.text) > NAME_LIMIT + 2:
        yield _too_long(word)
    reason = reserved.plural_reason(word.text)
    if reason:
        hint = f"rename it, or set another plural, as in `plural: {resource.name.text.lower()}_items`"
        yield word.fault(f"`{resource.name.text}` cannot be used: {reason}", hint=hint)


def _members(resource: ResourceDraft) -> Iterator[DesignError]:
    fields = [field.name for field in resource.fields]
    relations = [relation.name for relation in resource.relations]
    yield from _twice((*fields, *relations), f"field of `{resource.name.text}`,")
    for name in fields:
        yield from _member(name, reserved.member_reason(name.text), resource)
    for relation in resource.relations:
        reason = reserved.many_reason if relation.kind == "many_to_many" else reserved.member_reason
        yield from _member(relation.name, reason(relation.name.text), resource)


def _member(name: Word, reason: str, resource: ResourceDraft) -> Iterator[DesignError]:
    if not re.fullmatch(MEMBER_NAME, name.text):
        hint = f"use lower-case words joined by `_`, as in `{_snake_example(name.text, 'first_name')}`"
        yield name.fault(f"`{name.text}` cannot be the name of a field", hint=hint)
    elif len(name.text) > NAME_LIMIT:
        yield _too_long(name)
    elif name.text in naming.AUTOMATIC_COLUMNS:
        yield name.fault(f"the field `{name.text}` is reserved: {reason}", hint="leave it out, or use another name")
    elif reason:
        example = f"{_snake_example(resource.name.text, 'its')}_{name.text}"
        yield name.fault(f"the field name `{name.text}` is reserved: {reason}", hint=f"say which, as in `{example}`")
