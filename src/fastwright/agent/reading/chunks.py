"""Cut a request into chunks, and tell what each of them is: a wish, background, an exception, or a prohibition."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set

_ENDS = frozenset({".", "!", "?", "\n", ";"})
_JOINTS = word_set(
    """
    , and then but also or : ( ) while -> => & — – - so +
    """
)
_FORBIDDEN = word_set(
    """
    touch change modify alter add protect cache paginate pagination include apply break edit optimize affect want
    need bother test put ratelimit require do deploy secure guard limit introduce mess bring remove delete restrict
    forget worry ask setup implement build speedup filter lock rate version undo write create set enable optimise
    """
)
_EXCEPT = frozenset({"except", "exception", "unless", "excluding"})
_EXCEPTED = frozenset({"excepted", "exempted", "exempt", "excluded"})
_UNTOUCHED = frozenset({"affected", "affect", "concern", "concerned", "touched"})
_OPEN = word_set(
    """
    open public free untouched accessible alone unprotected unlimited uncached available out unchanged reachable
    possible usable
    """
)
_ONE = frozenset({"thing", "one", "endpoint", "route"})
_READS = frozenset({"read", "get", "view", "list", "browse", "see", "fetch", "GET"})
_ALL = frozenset({"anyone", "everyone", "anybody", "everybody", "all", "public", "visitor"})
_FINE = frozenset({"fine", "ok", "okay", "allow"})
_KEEP = frozenset({"stay", "remain", "leave", "keep", "continue"})


@dataclass(frozen=True)
class Chunk:
    """A part of a sentence: words from `start` to `end`, after the joint `joint`; if it `tells`, it wants nothing."""

    start: int
    end: int
    joint: str
    sentence: int
    asks: bool
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    exceptions: tuple[Mention, ...] = ()
    forbids: bool = False
    excepts_from: int | None = None
    keeps_open: bool = False
    tells: bool = False

    @property
    def lemmas(self) -> tuple[str, ...]:
        return tuple(word.lemma for word in self.words)

    @property
    def is_exception(self) -> bool:
        """Whether all of it says what is excepted."""
        return bool(self.exceptions) and self.excepts_from == self.start

    @property
    def has_pronoun(self) -> bool:
        """Whether it speaks of something that was named before."""
        return bool(
            {"it", "them", "that", "this", "those", "these", "they", "there", "its", "their"} & set(self.lemmas)
        )


def cut(words: Sequence[Word], mentions: Sequence[Mention]) -> list[Chunk]:
    """Return the chunks of a request, in order."""
    chunks: list[Chunk] = []
    for start, end, joint, sentence, asks in _ranges(words, mentions):
        inside = tuple(one for one in mentions if start <= one.start < end)
        part = tuple(words[start:end])
        chunks.append(_scoped(Chunk(start, end, joint, sentence, asks, part, inside), chunks))
    chunks = [_still_anonymous(chunk, after) for chunk, after in zip(chunks, (*chunks[1:], None), strict=False)]
    _open_lists(chunks)
    return [_conceding(chunk, after) for chunk, after in zip(chunks, (*chunks[1:], None), strict=False)]


def _still_anonymous(chunk: Chunk, after: Chunk | None) -> Chunk:
    """Return a chunk as an exception if what it tells of goes on without credentials, and has to."""
    place = chunk.lemmas.index("without") if "without" in chunk.lemmas else len(chunk.lemmas)
    has_none = bool({"credential", "token", "login", "auth", "account"} & set(chunk.lemmas[place : place + 4]))
    stays = after is not None and after.has_pronoun and {"keep", "stay", "remain", "continue"} & set(after.lemmas)
    if not (has_none and stays and chunk.mentions):
        return chunk
    return replace(chunk, mentions=(), exceptions=chunk.mentions, excepts_from=chunk.start, keeps_open=True)


def _open_lists(chunks: list[Chunk]) -> None:
    """Make the first parts of a list exceptions whose last part says that it stays open."""
    for place in range(len(chunks) - 1, 0, -1):
        chunk, before = chunks[place], chunks[place - 1]
        goes_on = chunk.joint in {"and", ",", "or"} and chunk.sentence == before.sentence
        listed = before.mentions and all(lemma in _SMALL | {"only"} or _is_mentioned(before, at)
                                         for at, lemma in enumerate(before.lemmas))  # fmt: skip
        said = bool(_KEEP & set(chunk.lemmas))
        if said and chunk.keeps_open and chunk.exceptions and goes_on and listed:
            chunks[place - 1] = replace(
                before, mentions=(), exceptions=before.mentions, keeps_open=True, excepts_from=before.start
            )


def _is_mentioned(chunk: Chunk, at: int) -> bool:
    return any(one.start <= chunk.start + at < one.end for one in chunk.mentions)


def _conceding(chunk: Chunk, after: Chunk | None) -> Chunk:
    """Return the chunk as one that keeps things open if it grants what `but` then limits: all may read, but only …."""
    lemmas = set(chunk.lemmas)
    limits = (
        after is not None and after.sentence == chunk.sentence and (after.joint == "but" or "only" in after.lemmas[:2])
    )
    heads = after is not None and after.joint == ":" and after.keeps_open and len(chunk.words) <= 2
    if heads and not chunk.mentions:
        return replace(chunk, keeps_open=True)  # editing: leave as it is
    grants = bool(lemmas & _READS) and bool(lemmas & _ALL) and not lemmas & {"not", "without"}
    return replace(chunk, keeps_open=True) if limits and grants else chunk


def _ranges(words: Sequence[Word], mentions: Sequence[Mention]) -> Iterator[tuple[int, int, str, int, bool]]:
    inside = {place for one in mentions for place in range(one.start + 1, one.end)}
    start, joint, sentence = 0, "", 0
    for place in range(len(words) + 1):
        lemma = words[place].lemma if place < len(words) else "."
        is_end = lemma in _ENDS
        if lemma == "+" and words[place - 1].end == words[place].start:
            continue  # problem+json
        if lemma == "," and [word.lemma for word in words[place + 1 : place + 2]] == ["too"]:
            continue  # the reports, too
        if lemma == "but" and place and words[place - 1].lemma in {"nobody", "noone", "none"}:
            continue  # nobody but the manager
        if lemma == "so" and [word.lemma for word in words[place + 1 : place + 2]] in _SO:
            continue  # so long
        if place in inside or not (is_end or lemma in _JOINTS) or _is_within_keeping(words, place):
            continue
        if place > start:
            stop = next((word.lemma for word in words[place:] if word.lemma in _ENDS), "")
            yield start, place, joint, sentence, stop == "?"
            joint = ""
        sentence += is_end
        if not (joint == ":" and lemma == "\n"):  # a line that ends in a colon heads a list
            joint = "." if is_end else lemma if joint in {"", ","} else joint
        start = place + 1


def _is_within_keeping(words: Sequence[Word], place: int) -> bool:
    """Whether an `and` stands between `leave` and `alone`."""
    if place >= len(words) or words[place].lemma not in {"and", ","}:
        return False
    before = [word.lemma for word in words[max(0, place - 6) : place]]
    after = [word.lemma for word in words[place + 1 : place + 7]]
    stop = next((at for at, lemma in enumerate(after) if lemma in _ENDS | {"but"}), len(after))
    return bool({"leave", "keep"} & set(before)) and bool(_OPEN & set(after[:stop])) and not _OPEN & set(before)


def _scoped(chunk: Chunk, before: Sequence[Chunk]) -> Chunk:
    """Return the chunk with the mentions that are exceptions set apart."""
    lemmas = chunk.lemmas
    trigger = _trigger(chunk)
    announced = bool(before and before[-1].excepts_from is not None and chunk.joint == ":" and _is_list_item(chunk))
    all_but = announced or bool(
        before and chunk.joint == "but" and _is_list_item(chunk) and any(one.is_whole for one in before[-1].mentions)
    )  # fmt: skip
    carries_on = all_but or bool(
        before and before[-1].exceptions and before[-1].sentence == chunk.sentence and chunk.joint in {",", "and", "or"}
        and _is_list_item(chunk)
    )  # fmt: skip
    if trigger is None and not carries_on:
        beside = bool(before) and chunk.joint in {",", "and", "but"}
        goes_on = bool(before) and before[-1].forbids and chunk.joint in {":", "("}
        return replace(chunk, forbids=goes_on or _forbids(lemmas, beside=beside))
    bound = chunk.start if carries_on or trigger is None else chunk.start + trigger
    return replace(
        chunk,
        mentions=tuple(one for one in chunk.mentions if one.start < bound),
        exceptions=tuple(one for one in chunk.mentions if one.start >= bound),
        keeps_open=trigger == 0,
        excepts_from=bound,
        forbids=_forbids(lemmas, beside=False),
    )


def _trigger(chunk: Chunk) -> int | None:
    """Return where an exception begins: 0 where all of the chunk is one."""
    lemmas = chunk.lemmas
    stays = _OPEN & {word.lemma for word in chunk.words if not word.is_gerund}
    for place, lemma in enumerate(lemmas):
        rest = lemmas[place + 1 :]
        if lemma in _EXCEPT and not (lemma == "unless" and {"login", "authenticate", "token", "account"} & {*rest}):
            ends = rest[:1] in ((), ("because",), ("since",))
            return 0 if chunk.words[place].is_participle and ends else place  # the status excepted
        if lemma == "without" and rest[:1] and rest[0] in {"touch", "change", "affect", "modify", "include", "break"}:
            return place
        if lemma in _KEEP and (stays or {("as", "it"), ("as", "be")} & {*itertools.pairwise(rest)}):
            return 0
        if lemma in {"be", "can", "may"} and {"still", "fine"} & {*rest} and _OPEN & {*rest}:
            return 0
    spoken_of = bool(_READS & {*lemmas}) or bool(chunk.mentions)
    untouched = "not" in lemmas and spoken_of and bool(_UNTOUCHED & {*lemmas})
    reads_open = bool(_READS & {*lemmas}) and bool((_OPEN | _FINE) & {*lemmas}) and "be" in lemmas
    hands_off = {"hand", "off"} <= {*lemmas} and lemmas[0] != "hand"
    alone_open = {"only", "without", "be"} <= {*lemmas} and bool(_ONE & {*lemmas})  # the only one without a login is
    if (
        alone_open
        or hands_off
        or _EXCEPTED & {*lemmas}
        or untouched
        or (reads_open and not {"not", "without"} & {*lemmas})
    ):
        return 0
    short = chunk.joint == "." and len(lemmas) <= 5
    starts_with_not = lemmas[:1] == ("not",) and (chunk.joint in {",", "and", "but"} or short)
    reads_not = (
        len(lemmas) <= 4 and lemmas[-1:] == ("not",) and bool(_READS & {*lemmas}) and chunk.joint in {",", "but", "and"}
    )
    ends_open = reads_not or ("not" not in lemmas and bool({"ignore", "skip", "exclude"} & {*lemmas[:2]}))
    return 0 if starts_with_not or ends_open else None


def _forbids(lemmas: Sequence[str], *, beside: bool) -> bool:
    """Whether the chunk says what must not be done; `no filters yet` does so `beside` what is to be done."""
    for place, lemma in enumerate(lemmas[:-1]):
        following = [one for one in lemmas[place + 1 : place + 3] if one != "ever"]
        if lemma == "not" and place and _refuses(lemmas, place, following):
            return True
        if lemma == "never" and place < 2 and following[:1] and following[0] in _FORBIDDEN:
            return True
        if lemma == "no" and place == 0 and following[:1] and following[0] in {"need", "change", "ratelimit", "auth"}:
            return True
        if lemma == "no" and lemmas[:place] == ("please",):
            return True
        if lemma in {"no", "without"} and place == 0 and following[:1] and following[0] in _OPTIONAL:
            return beside or not {"yet", "all", "far", "now"} & set(lemmas)
    return bool({"hand", "off"} <= set(lemmas) and lemmas[0] == "hand")


def _refuses(lemmas: Sequence[str], place: int, following: Sequence[str]) -> bool:
    """Whether a `not` is about what is to be done: `please do not cache it`, `we decided not to`."""
    before, owner = lemmas[place - 1], lemmas[place - 2] if place > 1 else ""
    if before in {"decide", "agree", "choose"}:
        return following[:1] == ["to"]
    asked = before in {"do", "please", "should", "need", "must"} and owner in _OWNERS
    return asked and bool(_FORBIDDEN & set(following[:1]))


_SO = (["long"], ["slow"], ["slowly"], ["many"], ["much"], ["often"], ["bad"], ["high"])
_OPTIONAL = frozenset({"cache", "caching", "pagination", "page", "filter", "ratelimit", "limit", "softdelete"})
_OWNERS = frozenset({"", "please", "but", "and", "i", "we", "you", "just", "also", "so", "kindly", "really"})


def _is_list_item(chunk: Chunk) -> bool:
    """Whether the chunk is little else than what it mentions."""
    inside = {place for one in chunk.mentions for place in range(one.start, one.end)}
    rest = [word.lemma for place, word in enumerate(chunk.words, chunk.start) if place not in inside]
    last = max((one.end for one in chunk.mentions), default=chunk.end) - chunk.start
    after = next((at for at in range(last, len(chunk.words)) if chunk.lemmas[at] in {"which", "that", "who"}), None)
    if after is not None:  # the board, which the public uses
        rest = rest[: len(rest) - (len(chunk.words) - after)]
    return bool(chunk.mentions) and chunk.lemmas[0] not in {"by", "with"} and all(lemma in _SMALL for lemma in rest)


_SMALL = word_set(
    """
    the a an endpoint route list too also all every of for on in our my page api resource please one same and data
    under below those their to from listing board table collection GET POST get post put patch delete by as both either
    just its check these url path everything thing stuff part section with it login token jwt auth authentication
    """
)
is_list_item = _is_list_item
