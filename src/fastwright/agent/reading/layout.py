"""What the form of a text says before its words do: greetings, headings, labelled parts, and what a machine printed.

Letters and tickets are written in parts, and only some of them ask: a heading names the matter, a signature
nobody's wish, a part below `Out of scope:` what is not meant, and the lines of a log only what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """A text of the same length without what frames it; where its heading is, what is barred, and what is output."""

    text: str
    heading: Span = (0, 0)
    barred: tuple[Span, ...] = ()
    output: tuple[Span, ...] = ()

    def is_output(self, place: int) -> bool:
        """Whether a machine printed what stands at a place."""
        return any(start <= place < end for start, end in self.output)


_NUMBER = (
    r"(?:(?:ticket|issue|task|story|jira|bug)\s*#?[A-Za-z]*-?\d+\s*(?:[:.–—-]|(?=\n))|[A-Za-z]{2,}-\d+\b\s*[:.–—-]?)"
)
_TICKET = re.compile(rf"\A\s*{_NUMBER}(?=\s)", re.IGNORECASE)
_NAMES = r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}"
_GREETING = re.compile(
    r"\A\s*(?i:hi+|hello|hey|heya|dear|good (?:morning|day|evening|afternoon)|morning|moin|guten tag)"
    r"(?i: (?:all|team|there|folks|colleagues|everyone|guys|sirs?|or|madam|support|developers|both|you))*"
    rf"(?: {_NAMES})?[ \t]*(?:[,!]|\n|\Z)"
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?)]) )[ \t]*(?i:(?:with |many |best |kind |warm |friendly )*(?:regards|greetings|wishes)|best|cheers|"
    r"(?:many )?thanks?(?: you| a lot| in advance)*|thx|br|lg|mfg|yours \w+|sincerely)"
    rf"(?:[ ,.!]+(?:from )?{_NAMES})?[,.!]?[ \t]*(?:\n\s*{_NAMES}[ \t]*){{0,2}}\s*\Z",
    re.MULTILINE,
)
_ENVELOPE = re.compile(
    r"^[ \t]*(?:from|to|cc|von|an|sent|priority|prio|labels?|assignee|reporter|component|sprint)[ \t]*:[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NEUTRAL = re.compile(
    r"(?:^|(?<=[.!?] ))[ \t]*(?:subject|betreff|title|summary|description|story|user story|epic|context|"
    r"(?:quick |some |short )?background|"
    r"acceptance(?: criteria)?|ac|what (?:we|i) (?:want|need)|request|goal|problem|situation|todo|to do)[ \t]*:"
    r"(?:[ \t]*(?:fwd?|re|aw|wg)[ \t]*:)*",
    re.IGNORECASE | re.MULTILINE,
)
_BARS = re.compile(
    r"^[ \t]*(?:[-*•][ \t]*)?(?:(?:(?:explicitly )?(?:out of|not in)(?: the)? scope|non-?goals?|(?:already )?done|"
    r"(?:we )?won['’]?t (?:do|have)|not (?:now|needed|wanted)|what (?:we|i) (?:don['’]t|do not) (?:want|need)|later)"
    r"[ \t]*[:–—]|\[x\])[ \t]*(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_BELOW = re.compile(r"(?:\n[ \t]*(?:[-*•]|\d+[.)])[^\n]*)+")
_OUTPUT = re.compile(
    r"^[ \t]*(?:>[ \t]*)*(?:Traceback \(most|File \"|HTTP/\d|FAILED |E  |(?:ERROR|WARN(?:ING)?|INFO|DEBUG)\b|"
    r"(?:[a-z_]\w*\.)+[A-Z]\w*\b[: ]|[A-Z]\w*(?:Error|Exception)\b|\"(?:GET|POST|PUT|PATCH|DELETE) [^\n]*HTTP/|"
    r"[2-5]\d\d (?:OK|Created|No|Bad|Unauthor|Forbidden|Method|Conflict|Payload|Request|Unprocess|Too|Internal|Gateway|"
    r"Service))[^\n]*$",
    re.MULTILINE,
)
_HEADED = re.compile(r"(?P<head>(?:\A|\n\n)[ \t]*\w[\w /-]{1,40})\n(?P<mark>[-*•] |\d+[.)] )")
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


def laid_out(words: str) -> Layout:
    """Return how a text is laid out."""
    barred = tuple(_barred(words))
    output = tuple(found.span() for found in _OUTPUT.finditer(words))
    text = words
    for pattern in (_TICKET, _QUOTED, _NEUTRAL, _GREETING, _CLOSING):
        text = _blanked(pattern, text)
    text = _HEADED.sub(lambda found: found["head"] + ":\n" + " " * (len(found["mark"]) - 1), text)
    head, gap, rest = text.partition("\n\n")
    text = _blanked(_ENVELOPE, head) + gap + rest
    return Layout(text, _heading(words, text), barred, output)


def _blanked(pattern: re.Pattern[str], words: str) -> str:
    """Return a text of the same length, with spaces for what a pattern finds; lines stay lines."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), words)


def _heading(words: str, text: str) -> Span:
    """Return where the heading is: a first line that is no sentence, apart from what follows, or told to be one."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    if end < 0 or not text[end:].strip():
        return (0, 0)
    line = text[start:end].rstrip()
    told = bool(_TICKET.match(words)) or _NEUTRAL.match(words) is not None
    apart = told or text[end : end + 2] == "\n\n"
    return (start, end) if apart and line[-1:] not in ".!?:," and line[:1] not in "-*•" else (0, 0)


def _barred(words: str) -> Iterator[Span]:
    """Yield where what is not meant stands: behind a label, or in the list below it."""
    for found in _BARS.finditer(words):
        below = None if found["rest"].strip() else _BELOW.match(words, found.end())
        yield found.start(), below.end() if below else found.end()
