"""`protect`: what, for which methods, for whom, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastwright.agent.filling.context import Context, ask, ask_instead
from fastwright.agent.filling.targets import WHOLE, fitting, nearest, targets, unknown_thing
from fastwright.agent.filling.unheard import refuse_unheard
from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.grounding.methods import ALL, MEANS, WRITES, methods_named
from fastwright.agent.grounding.roles import Role
from fastwright.agent.language.wordsets import MODALS, word_set
from fastwright.agent.plan import Step
from fastwright.agent.reading.chunks import Chunk


def protect(context: Context) -> list[Step]:
    """Return one step a target. Raises `Open` without a target, or with a role that the project lacks."""
    if apart := list(_by_role(context)):
        return [step for each in apart for step in protect(each)]
    found = targets(context)
    role = role_of(context)
    _refuse_vague(context, found, role)
    alone = len({path for path, _ in found}) == 1
    steps: list[Step] = []
    for path, chunk in found:
        real = (context.project.prefix or "/") if path == WHOLE else path
        place = context.places.by_path.get(real)
        if place is not None and place.signs_in:
            continue
        methods = _methods(context, chunk, real, alone=alone)
        real = _with_methods(context, real, methods)
        if methods and place is not None and not place.has(methods):
            raise ask(f"There is no {' or '.join(methods)} below {real}. What should be protected?")
        exceptions = excepted(context, real)
        left_open = bool(exceptions or context.request.open_chunks or context.request.exceptions)
        if not methods and any(real in _excepted(context, one) for one in context.request.exceptions):
            raise ask(f"Something of {real} should stay open. Which requests need a login?", list(_METHODS))
        refuse_unheard(context, limited=bool(methods) or _is_all_there(context, real), role=role, excepts=left_open)
        steps.append(Step(verb="protect", args={
            "path": real,
            **({"methods": list(methods)} if methods else {}),
            **({"role": role} if role else {}),
            **({"except": exceptions} if exceptions else {}),
        }))  # fmt: skip
    if _excepts(context) and not any(step.args.get("except") for step in steps):
        raise ask("What should stay as it is? None of that is below what is to be guarded.", context.suggestions)
    if not steps:
        raise ask(
            "Callers who want to sign in have no token yet, so that endpoint stays open. What else should be protected?"
        )
    return steps


def _refuse_vague(context: Context, found: Sequence[tuple[str, Chunk | None]], role: str | None) -> None:
    """Raise `Open` if it is not said what is to be guarded, or against whom."""
    if not found or (not context.request.targets and found[0][0] == WHOLE):
        raise ask("What should I protect? Name the endpoints, or say the whole API.",
                  context.suggestions)  # fmt: skip
    if role is None and _is_restricted_to_nobody(context):
        raise ask(
            "To whom should it be restricted?", ["require a login", *(f"only {one}" for one in context.project.roles)]
        )
    if numbered := _numbered(context):
        raise ask(f"A guard holds for all of them, and not just for {numbered}. What should be protected?")


def _by_role(context: Context) -> Iterator[Context]:
    """Yield what is said of each role where several are named apart: `deleting is for admins, creating for sellers`."""
    request = context.request
    roles = {chunk.start: {role.name for role in _roles_in(context, [chunk])} for chunk in request.chunks}
    naming = [chunk for chunk in request.chunks if roles[chunk.start]]
    names = {name for each in roles.values() for name in each}
    if len(names) < 2 or any(len(each) > 1 for each in roles.values()):
        return
    if not all(chunk.mentions or _named(context, [chunk]) for chunk in naming):
        return
    shared = [one for one in (*request.background, *request.targets) if one[1] not in naming]
    for chunk in naming:
        own = [one for one in (*request.targets, *request.background) if one[1] == chunk] or shared[-1:]
        yield replace(context, request=replace(request, chunks=[chunk], targets=own, background=[]))


def _roles_in(context: Context, chunks: Sequence[Chunk]) -> list[Role]:
    return [one for one in context.roles if any(chunk.start <= one.start < chunk.end for chunk in chunks)]


_METHODS = ("GET", "POST, PUT, PATCH and DELETE")


def _numbered(context: Context) -> str:
    """Return the one thing, `post 5`, of which something is said that can only hold for all."""
    for mention, _ in context.request.targets:
        after = context.words[mention.end : mention.end + 1]
        if mention.how != "path" and after and after[0].kind == "number":
            return f"{context.words[mention.end - 1].text} {after[0].text}"
    return ""


def _excepts(context: Context) -> bool:
    """Whether the words except something by name that has nothing to do with signing in."""
    named = [one for chunk in context.request.chunks for one in chunk.exceptions if "except" in chunk.lemmas]
    return any(one.places and not all(place.signs_in for place in one.places) for one in named)


def _is_all_there(context: Context, path: str) -> bool:
    """Whether there is one method only, so that a limit to it would say nothing."""
    return len({one.method for one in context.project.endpoints if one.path == path or _below(one.path, path)}) == 1


def _is_restricted_to_nobody(context: Context) -> bool:
    """Whether something is to be restricted, and it is not said to whom."""
    said = {word.lemma for word in context.own_words}
    return "restrict" in said and not said & {"login", "authenticate", "authentication", "token", "auth", "jwt", "user"}


def _ask_if_limited(context: Context) -> None:
    """Raise `Open` if the words speak of deleting, changing or reading, and it is not clear that only that is meant."""
    for chunk in context.request.chunks:
        end = chunk.end if chunk.excepts_from is None else chunk.excepts_from
        if chunk in context.request.open_chunks:
            continue
        for word in context.words[chunk.start : end]:
            if word.kind == "word" and word.lemma in _LIMITING and word.text.lower() not in _LOOSE:
                some = " and ".join(MEANS[word.lemma])
                every = "GET, POST, PUT, PATCH and DELETE"
                raise ask("Should that hold for every request, or for some only?", [every, some])


# Spoken of beside protection, these mostly say for what it is wanted; `visible` and `open` do not.
_LIMITING = frozenset({"delete", "remove", "update", "edit", "modify", "read", "change", "create"})
_LOOSE = frozenset({"updated", "edited", "modified"})


def _with_methods(context: Context, path: str, methods: Sequence[str]) -> str:
    """Return the path, or the other one of this name if only that has the methods."""
    place = context.places.by_path.get(path)
    if place is None or not methods or any(one.method in methods for one in place.endpoints):
        return path
    others = [one for one in context.places.all if one.names[-1] == place.names[-1] and one.has(methods)]
    if len(others) > 1:
        raise ask(f"Which of them should be protected for {', '.join(methods)}?", [one.path for one in others])
    return others[0].path if others else path


def role_of(context: Context) -> str | None:
    """Return the role that is let through. Raises `Open` if there are several, or it is not one of the project."""
    named = _roles_in(context, context.request.chunks)
    aimed = _roles_in(context, [chunk for _, chunk in context.request.targets])
    if len({one.name for one in aimed}) == 1:
        named = aimed  # with the roles keeper and inspector: only inspectors may …
    names = list(dict.fromkeys(one.name for one in named))
    if not names and (unknown := _unknown_people(context)):
        raise ask(f"Which role do you mean by “{unknown}”?", context.project.roles)
    if not names:
        return None
    if len(names) > 1:
        raise ask("A guard lets one role through. Which one should it be?", names)
    if context.project.roles and not named[0].exists:
        raise ask_instead(f"There is no role “{names[0]}” in this project. Which one do you mean?",
                          context.project.roles, context.words, named[0].start, named[0].start + 1)  # fmt: skip
    return names[0]


def _unknown_people(context: Context) -> str:
    """Return those whom `only … should` lets through if they are no role, and not just everybody who has signed in."""
    words = context.own_words
    for place, word in enumerate(words):
        if word.lemma not in {"only", "just"}:
            continue
        ahead = words[place + 1 : place + 5]
        modal = next((at for at, one in enumerate(ahead) if one.lemma in MODALS), None)
        if modal and not _ANYBODY & {one.lemma for one in ahead[:modal]} and ahead[0].kind == "word":
            return " ".join(one.text for one in ahead[:modal])
    return ""


_ANYBODY = word_set(
    """
    user person people login authenticate register token owner member account who those jwt bearer sign me we us
    client caller employee somebody someone request call read write get post put patch delete and or thing one endpoint
    """
)


def excepted(context: Context, path: str) -> list[str]:
    """Return the paths below `path` that stay as they are; those for signing in always do, and are not named."""
    found: list[str] = []
    for mention in context.request.exceptions:
        found += [one for one in _excepted(context, mention) if _below(one, path) and one != path and one not in found]
    return found


def _excepted(context: Context, mention: Mention) -> list[str]:
    if mention.is_whole:
        return []
    if mention.how == "path":
        if not mention.path:
            written = context.words[mention.start].text
            raise ask_instead(f"There is no {written} to leave alone. Which path do you mean?",
                              nearest(context, written), context.words, mention.start, mention.end)  # fmt: skip
        return [mention.path]
    places = [place for place in fitting(mention.places, context.request.intent) if not place.signs_in]
    return [place.path for place in places]


def refuse_unknown_exceptions(context: Context) -> None:
    """Raise `Open` if something is to be left alone that the project lacks."""
    for chunk in context.request.chunks:
        lemmas = chunk.lemmas
        if "except" in lemmas and not chunk.exceptions and context.request.exceptions == []:
            end = next((place for place, lemma in enumerate(lemmas) if lemma in {"because", "since"}), len(lemmas))
            after = Chunk(chunk.start, chunk.end, "", chunk.sentence, asks=False, mentions=(),
                          words=chunk.words[lemmas.index("except") + 1 : end])  # fmt: skip
            if after.words and (unknown := unknown_thing(context, after, strictly=False)):
                raise ask(f"I find no “{unknown}” in this project to leave alone. Which endpoints do you mean?")


def _below(path: str, prefix: str) -> bool:
    return path.startswith(prefix.rstrip("/") + "/") or prefix == "/"


def _methods(context: Context, chunk: Chunk | None, path: str, *, alone: bool) -> Sequence[str]:
    request = context.request
    aimed = {request.asked_in, *(one.sentence for one in request.chunks if one.mentions)}
    asides = [one for one in request.chunks if one.tells and (one.sentence not in aimed or "already" in one.lemmas)]
    shared = [
        one
        for one in request.chunks
        if one not in request.open_chunks and one not in asides and (alone or not one.mentions)
    ]
    if chunk is not None and chunk in request.chunks and chunk not in shared:
        shared.append(chunk)
    found = _named(context, shared)
    if found and chunk is not None and chunk.mentions and all(one.start <= chunk.start for one in shared):
        _refuse_complaint(context, found, [one for one in shared if one.sentence == chunk.sentence])
    if not found and chunk is not None:  # deleting guests or rooms
        found = _named(context, [one for one in request.chunks if one.sentence == chunk.sentence and one not in asides])
    if not found and any(_is_read(one) and not one.exceptions for one in request.open_chunks):
        found = set(WRITES)
    if not found and (kept := _kept(context)):
        found = set(ALL) - kept
    if not found:
        _ask_if_limited(context)
    there = {one.method for one in context.project.endpoints if _below(one.path, path) or one.path == path}
    if found >= there:
        return ()
    return [method for method in ("GET", *WRITES) if method in found]


def _refuse_complaint(context: Context, found: set[str], wish: Sequence[Chunk]) -> None:
    """Raise `Open` if methods were only complained of: `anyone can delete posts! Add a login for the posts`."""
    if wish and not _named(context, wish) and not any(one.has_pronoun for one in wish):
        some = " and ".join(method for method in ALL if method in found)
        raise ask("Should that hold for every request, or for some only?", ["GET, POST, PUT, PATCH and DELETE", some])


def _named(context: Context, chunks: Sequence[Chunk]) -> set[str]:
    found = {method for one in chunks if len(one.words) == 1 for method in MEANS.get(one.lemmas[0], ())}
    for start, end in _stretches([one for one in chunks if one not in context.request.open_chunks]):
        objects = frozenset(
            mention.start - start for one in chunks for mention in one.mentions if mention.how != "verb"
        )
        people = frozenset(role.start - start for role in context.roles)
        found.update(methods_named(context.words[start:end], objects, people))
    return found


def _kept(context: Context) -> set[str]:
    """Return the methods that stay as they are: everything except reading."""
    after = [context.words[one.excepts_from : one.end] for one in context.request.chunks if one.excepts_from is not None
             and not one.exceptions]  # fmt: skip
    return {method for words in after for method in methods_named(words, frozenset())}


def _stretches(chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    """Return from where to where in the text the chunks go, without exceptions, those that follow each other as one."""
    found: list[tuple[int, int]] = []
    for chunk in sorted(chunks, key=lambda each: each.start):
        end = chunk.end if chunk.excepts_from is None else chunk.excepts_from
        if found and chunk.start - found[-1][1] <= 2:
            found[-1] = (found[-1][0], end)
        else:
            found.append((chunk.start, end))
    return found


def _is_read(chunk: Chunk) -> bool:
    return bool({"read", "get", "GET", "view", "list", "see", "fetch", "browse", "query"} & set(chunk.lemmas))
