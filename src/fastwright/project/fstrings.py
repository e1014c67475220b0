"""The f-strings of Python 3.12 (PEP 701) and the t-strings of 3.14, written so that Python 3.11 reads them.

Nothing moves: a quote inside of a field becomes another one, and what the older parser cannot take there (a backslash,
a comment, a fourth level of quotes) is blanked out.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"#[^\n]*|(?P<prefix>(?:\b[A-Za-z]{1,2})?)(?P<quote>\"\"\"|'''|\"|')")


def in_older_quotes(text: str) -> str:
    """Return the text with every f-string written as Python 3.11 has it."""
    return _Writer(text).written()


class _Writer:
    """Walks over a text, and writes into a copy. `around` are the quotes of the strings that a place is in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._out = list(text)

    def written(self) -> str:
        position = 0
        while match := _TOKEN.search(self._text, position):
            position = self._token(match, ())
        return "".join(self._out)

    def _token(self, match: re.Match[str], around: tuple[str, ...]) -> int:
        """Write a comment or a string, and return where it ends."""
        if match["quote"] is not None:
            return self._string(match, around)
        if around:
            self._blank(*match.span())
        return match.end()

    def _string(self, match: re.Match[str], around: tuple[str, ...]) -> int:
        text, prefix, was = self._text, match["prefix"].lower(), match["quote"]
        sign = next((one for one in (was[0], '"', "'") if _fits(one, was, around)), "")
        quote, position = sign * len(was), match.end()
        fields = bool({"f", "t"} & set(prefix))
        while position < len(text) and not text.startswith(was, position):
            if text[position] == "\\":
                position = self._escaped(position, around, prefix, fields=fields)
            elif fields and text[position] == "{" and text[position + 1 : position + 2] != "{":
                position = self._field(position + 1, (*around, quote))
            else:
                if around and text[position] in "".join((sign, *around)):
                    self._blank(position, position + 1)
                position += 2 if fields and text[position] == "{" else 1
        end = position + len(was)
        if not sign:
            self._out[match.start() : end] = "_" * (end - match.start())
            return end
        self._out[match.start("quote") : match.end()] = self._out[position:end] = quote
        self._out[match.start() : match.end("prefix")] = re.sub("[tT]", "f", match["prefix"])
        return end

    def _escaped(self, position: int, around: tuple[str, ...], prefix: str, *, fields: bool) -> int:
        """Return where a backslash and what it escapes end; there is none inside of a field."""
        text = self._text
        end = position + 2
        if fields and text[position + 1 : position + 2] == "{":
            end = position + 1
        elif fields and "r" not in prefix and text.startswith("N{", position + 1):
            end = text.find("}", position) + 1 or len(text)
        if around:
            self._blank(position, end)
        return end

    def _field(self, start: int, around: tuple[str, ...]) -> int:
        """Write what is between `{` and `}`, and return where that ends."""
        text, depth, position = self._text, 0, start
        while position < len(text):
            sign = text[position]
            if match := _TOKEN.match(text, position):
                position = self._token(match, around)
                continue
            if depth == 0 and sign in ":}":
                position = position + 1 if sign == "}" else self._format(position + 1, around)
                break
            depth += (sign in "([{") - (sign in ")]}")
            if sign == "\\":
                self._blank(position, position + 1)
            position += 1
        if len(around[-1]) == 1 and "\n" in text[start:position]:
            self._continue(start - 1, position)
        return position

    def _format(self, position: int, around: tuple[str, ...]) -> int:
        """Return where a field ends whose format begins here."""
        while position < len(self._text) and self._text[position] != "}":
            is_field = self._text[position] == "{"
            position = self._field(position + 1, around) if is_field else position + 1
        return position + 1

    def _blank(self, start: int, end: int) -> None:
        self._out[start:end] = re.sub(r"[^\n]", " ", self._text[start:end])

    def _continue(self, start: int, end: int) -> None:
        """Blank out a field over several lines, whose string has them continued."""
        blank = re.sub(r"[^\n]", " ", self._text[start:end])
        self._out[start:end] = re.sub(r"[ \n]\n", "\\\n", blank)


def _fits(sign: str, was: str, around: tuple[str, ...]) -> bool:
    """Tell whether a string in others may have this quote: theirs only if it is one, and theirs are three."""
    return all(one[:1] != sign or (len(one) == 3 and len(was) == 1) for one in around)
