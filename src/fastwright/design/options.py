"""The options of a backend: those that were asked for, and what they need themselves."""

from __future__ import annotations

from collections.abc import Iterable

from fastwright.design.model import Option
from fastwright.design.source import Faults, Word, did_you_mean

# Signing in with OpenID Connect asks the provider over HTTP.
_NEEDS = {Option.OIDC: Option.HTTP_CLIENT}


def resolve_options(words: Iterable[Word]) -> tuple[Option, ...]:
    """Return what the words mean. Raises `InvalidDesignError` with each that is unknown or there twice."""
    faults = Faults()
    found: list[Option] = []
    for word in words:
        with faults.gathered():
            option = _option(word)
            if option in found:
                raise word.fault(f"the option `{word.text}` is there twice", hint="leave one of them out")
            found.append(option)
    faults.raise_any()
    return ordered(found)


def ordered(options: Iterable[Option]) -> tuple[Option, ...]:
    """Return the options, each once, with those that they need."""
    wanted = set(options)
    wanted |= {_NEEDS[option] for option in wanted if option in _NEEDS}
    return tuple(option for option in Option if option in wanted)


def _option(word: Word) -> Option:
    try:
        return Option(word.text)
    except ValueError:
        known = [option.value for option in Option]
        raise word.fault(f"there is no option `{word.text}`", hint=did_you_mean(word.text, known)) from None
