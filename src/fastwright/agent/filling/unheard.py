"""What the words of a guard say that its arguments do not: who, what only, and what not.

A guard that is too wide, or too weak, is worse than a question.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.grounding.roles import PERSONS
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import MODALS, word_set

_ALLOWS = MODALS | {"able", "allow"}
_BETWEEN = frozenset({"only", "just", "not", "be", "to", "also", "still", "even", "currently", "now", "then", "please"})
# What is done to an endpoint as such; every other verb may be about some of its methods only.
_ACCESS = word_set(
    """
    access use reach call see open visit touch enter have need require go get look come pass ask demand check login
    authenticate protect secure guard lock restrict limit close hide public private visible available accessible
    reachable do make work happen return answer accept know sign get in behind for with without possible allow able
    carry send provide show identify prove anonymous unauthenticated authorize reject refuse deny block expose mandatory
    obligatory optional happy free readable off
    """
)
_US = frozenset({"you", "we", "i", "us", "it", "they", "this", "that", "somebody", "someone", "one"})
_EXCEPTIONS = frozenset({"except", "exception", "exempt", "unless", "besides", "excluding", "excepted", "exempted"})


def refuse_unheard(context: Context, *, limited: bool, role: str | None, excepts: bool) -> None:
    """Raise `Open` if the words of the request limit it in a way that did not become an argument."""
    words = [
        word for chunk in context.request.chunks if chunk not in context.request.open_chunks for word in chunk.words
    ]
    refuse_unheard_exception(context, excepts=excepts or role is not None)
    if role is None and (person := _person(context, words)):
        raise ask(f"Which role does “{person}” stand for?", [*context.project.roles, "everybody who has signed in"])
    lemmas = [word.lemma for word in words]
    if role is None and any(pair in (("nobody", "else"), ("noone", "else")) for pair in itertools.pairwise(lemmas)):
        raise ask("Who may, if nobody else may?", [*context.project.roles, "everybody who has signed in"])
    if role is None and (own := _own_rows(words)):
        raise ask(f"Is it enough to be signed in, or should callers see “their {own}” and nobody else's?")
    if not limited and (verb := _action(context, words)):
        stem = verb.text.lower()[:4]
        below = [place.path for place in context.places.all if place.names[-1][0].startswith(stem)]
        if below:
            raise ask(f"Should only “{verb.text}” be guarded?", below)
        raise ask(
            f"Is it only that nobody may “{verb.text}”, or should the guard hold for every request?",
            ["GET, POST, PUT, PATCH and DELETE", "POST, PUT, PATCH and DELETE"],
        )


def refuse_unheard_exception(context: Context, *, excepts: bool) -> None:
    """Raise `Open` if the words speak of an exception, and none was understood."""
    if not excepts and (word := _exception(context.own_words)):
        raise ask(f"What does “{word.text}” leave alone? Name the endpoints.", context.suggestions)


def _own_rows(words: Sequence[Word]) -> str:
    """Return what `only customers can see their orders` is about: a guard lets everybody in who has signed in."""
    only = {"only", "just"} & {word.lemma for word in words}
    for before, word in itertools.pairwise(words if only else ()):
        if before.lemma == "their" and word.kind == "word" and word.lemma not in _CREDENTIALS:
            return word.text
    return ""


_CREDENTIALS = frozenset({"token", "password", "login", "account", "credential", "key"})


def _exception(words: Sequence[Word]) -> Word | None:
    """Return the word that announces an exception; `unless logged in` is none."""
    for place, word in enumerate(words):
        after = {one.lemma for one in words[place + 1 : place + 5]}
        if word.lemma in _EXCEPTIONS and not after & {"login", "authenticate", "token", "account", "sign"}:
            return word
    return None


def _person(context: Context, words: Sequence[Word]) -> str:
    """Return those whom the words let through and who are no role that was understood: `is an admin thing`."""
    mentioned = _mentioned(context)
    for place, word in enumerate(words):
        if word.lemma in context.project.roles and place and words[place - 1].lemma in _LEADS:
            return word.text
        possessed = place > 0 and words[place - 1].lemma in {"our", "my", "your", "their", "his", "her"}
        if word.lemma in _PRIVILEGED and word.start not in mentioned and not possessed:
            return word.text
    return ""


_PRIVILEGED = PERSONS & frozenset({"admin", "manager", "supervisor", "moderator", "superuser", "auditor", "operator"})


_LEADS = frozenset({"for", "by", "only", "to", "->", ":"})


def _mentioned(context: Context) -> frozenset[int]:
    """Return where in the text there are letters that point to a place of the project."""
    mentions = [one for chunk in context.request.chunks for one in chunk.mentions]
    spans = ((context.words[one.start].start, context.words[one.end - 1].end) for one in mentions)
    return frozenset(place for start, end in spans for place in range(start, end))


def _action(context: Context, words: Sequence[Word]) -> Word | None:
    """Return what only some may do, if that is nothing that every request does: `only teachers can grade`."""
    named = _mentioned(context)
    for place, word in enumerate(words):
        if word.lemma not in _ALLOWS:
            continue
        ahead = [one for one in words[place + 1 : place + 5] if one.lemma not in _BETWEEN]
        if not ahead or ahead[0].kind != "word" or ahead[0].lemma in _ACCESS | _US:
            continue
        passive = any(one.lemma == "be" for one in words[place + 1 : place + 3])
        done = ahead[0].is_participle or ahead[0].text.lower().endswith("ed")
        if done if passive else ahead[0].start not in named or ahead[0].known:
            return ahead[0]
    return None
