"""Who may do what: from the words of a design to `AccessRules`, with defaults that are closed to strangers."""

from __future__ import annotations

from collections.abc import Mapping

from fastwright.design.draft import ACTIONS, RelationDraft, ResourceDraft
from fastwright.design.model import Access, AccessRules
from fastwright.design.naming import USER
from fastwright.design.source import Faults, Word, did_you_mean, listed

ADMIN = "admin"
LEVELS = ("public", "authenticated", "owner")
READS = frozenset({"list", "read"})
_ROLE = "role:"
_AUTHENTICATED = Access(level="authenticated")
_OWNER = Access(level="owner")
_ADMIN_ONLY = Access(level="role", roles=(ADMIN,))
_OWNED = dict.fromkeys(("list", "read", "create"), _AUTHENTICATED) | dict.fromkeys(("update", "delete"), _OWNER)
_SHARED = dict.fromkeys(("list", "read"), _AUTHENTICATED) | dict.fromkeys(("create", "update", "delete"), _ADMIN_ONLY)


def resolve_access(resource: ResourceDraft, roles: tuple[str, ...]) -> tuple[str | None, AccessRules]:
    """Return the owner relation and the rules; what was not written takes the defaults."""
    faults = Faults()
    rules: dict[str, Access] = {}
    for action, words in resource.access.items():
        with faults.gathered():
            rules[action] = _access(action, words, roles)
    owner: str | None = None
    with faults.gathered():
        owner = _owner(resource)
    faults.raise_any()
    return owner, AccessRules.model_validate((_OWNED if owner else _SHARED) | rules)


def _access(action: str, words: tuple[Word, ...], roles: tuple[str, ...]) -> Access:
    """Return what the words for one action mean together."""
    seen: set[str] = set()
    for word in words:
        _check_word(word, roles)
        if word.text in seen:
            raise word.fault(f"`{word.text}` is there twice", hint="leave one of them out")
        seen.add(word.text)
    for broad, meaning in (("public", "everybody"), ("authenticated", "every logged-in user")):
        if broad in seen and len(seen) > 1:
            raise words[0].fault(f"`{broad}` already means {meaning}", hint=f"write just `{action}: {broad}`")
    if "public" in seen:
        _check_public(action, words[0])
        return Access(level="public")
    named = tuple(word.text.removeprefix(_ROLE) for word in words if word.text.startswith(_ROLE))
    if "owner" in seen:
        # Nobody owns what is not there yet: who creates it becomes its owner.
        return _AUTHENTICATED if action == "create" else Access(level="owner", roles=named)
    return Access(level="role", roles=named) if named else _AUTHENTICATED


def _check_public(action: str, word: Word) -> None:
    if action not in READS:
        raise word.fault(
            f"`{action}` may not be public: anybody on the internet could write",
            hint="use `authenticated`, `owner` or `role:admin`; only `list` and `read` may be public",
        )


def _check_word(word: Word, roles: tuple[str, ...]) -> None:
    if word.text.startswith(_ROLE):
        role = word.part(len(_ROLE))
        if role.text not in roles:
            hint = did_you_mean(role.text, roles, otherwise=f"declare it: `roles: [{role.text or 'editor'}]`")
            raise role.fault(f"the role `{role.text}` is not declared", hint=hint)
    elif word.text in roles:
        raise word.fault(f"`{word.text}` is a role", hint=f"write `role:{word.text}`")
    elif word.text not in LEVELS:
        hint = did_you_mean(word.text, LEVELS, otherwise=f"use {listed((*LEVELS, 'role:NAME'))}")
        raise word.fault(f"`{word.text}` does not say who may do this", hint=hint)


def _owner(resource: ResourceDraft) -> str | None:
    """Return the relation that says whose row it is, if the resource has one."""
    if resource.owner:
        return _named_owner(resource, resource.owner)
    candidates = [relation.name.text for relation in resource.relations if _can_own(relation)]
    first = _first_owner_word(resource.access)
    if first and len(candidates) > 1:
        message = f"`{resource.name.text}` has more than one relation to User: {listed(candidates, last='and')}"
        raise first.fault(message, hint=f"say which is the owner, as in `owner: {candidates[0]}`")
    if first and not candidates:
        message = f"`{resource.name.text}` has no required relation to User that could be its owner"
        raise first.fault(message, hint="add one, as in `owner: ->User`")
    if first:
        return candidates[0]
    by_default = any(action not in resource.access for action in ("update", "delete"))
    return candidates[0] if by_default and len(candidates) == 1 else None


def _can_own(relation: RelationDraft) -> bool:
    return relation.kind == "to_one" and relation.target.text == USER and relation.required and not relation.unique


def _first_owner_word(access: Mapping[str, tuple[Word, ...]]) -> Word | None:
    words = (word for action in ACTIONS for word in access.get(action, ()) if word.text == "owner")
    return next(words, None)


def _named_owner(resource: ResourceDraft, owner: Word) -> str:
    relations = {relation.name.text: relation for relation in resource.relations}
    relation = relations.get(owner.text)
    if relation is None:
        to_user = [name for name, relation in relations.items() if _can_own(relation)]
        hint = did_you_mean(owner.text, to_user, otherwise=f"add it: `{owner.text}: ->{USER}`")
        raise owner.fault(f"`{resource.name.text}` has no relation `{owner.text}`", hint=hint)
    if not _can_own(relation):
        raise owner.fault(
            f"`{owner.text}` cannot be the owner: {_why_not(relation)}", hint=f"write it as `{owner.text}: ->{USER}`"
        )
    return owner.text


def _why_not(relation: RelationDraft) -> str:
    if relation.kind != "to_one" or relation.target.text != USER:
        return "it is not a relation to one User"
    return "it is unique, so that nobody could own two" if relation.unique else "it is optional"
