"""Loader options of a statement: which relations are loaded with its rows, and adding one in the way that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing import models
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Site, dotted
from fastwright.changes.editing.sequences import call_with, elements_with
from fastwright.changes.editing.statements import called, chain

_EAGER = frozenset({"selectinload", "joinedload", "subqueryload", "immediateload", "contains_eager"})
_LAZY = frozenset({"lazyload", "raiseload", "noload"})
_STRATEGIES = _EAGER | _LAZY | {"defaultload"}
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


@dataclass(frozen=True)
class Step:
    """One relation to load: `home` is where its model was defined, `owner` what the file calls it, if that is known.

    `strategy` is as the file names it, too.
    """

    strategy: str
    home: str
    attribute: str
    owner: str = ""

    @property
    def relation(self) -> str:
        return f"{self.home}.{self.attribute}"

    @property
    def argument(self) -> str:
        return f"{self.owner}.{self.attribute}"

    @property
    def name(self) -> str:
        """The strategy without the module that it is taken from."""
        return self.strategy.rpartition(".")[2]


@dataclass(frozen=True)
class Known:
    """A path of relations in an option that is there; `first` is what is called first, as it is written."""

    first: str
    strategies: tuple[str, ...]
    relations: tuple[str, ...]


class Loads:
    """The relations that a statement should load, held against the options that it has."""

    def __init__(self, document: Document, site: Site, steps: Sequence[Step]) -> None:
        self._document = document
        self._site = site
        self._steps = tuple(steps)
        self._relations = tuple(step.relation for step in steps)

    def are_in(self, expression: cst.BaseExpression) -> bool:
        """Return whether a statement, or a call of `get`, loads them already."""
        return any(self._is_covered(path) for path in self._known(expression))

    def opposite(self, expression: cst.BaseExpression) -> str:
        """Return the option that asks for them not to be loaded, if there is one."""
        for option in _options(expression):
            for path in self._paths(option):
                if path.relations == self._relations and path.strategies[-1] in _LAZY:
                    return self._document.code(option)
        return ""

    def added_to(self, expression: cst.BaseExpression) -> cst.BaseExpression:
        """Return a statement that loads them: in an option that begins the same way, or else in one of their own."""
        if self.are_in(expression):
            return expression
        if (extended := self._with_longer_option(expression)) is not None:
            return extended
        new = cst.Arg(self.written(self._known(expression)))
        call = next((call for call in chain(expression)[0] if called(call) == "options"), None)
        if call is not None:
            return cst.ensure_type(expression.deep_replace(call, call_with(call, new)), cst.BaseExpression)
        return with_link(expression, "options", new)

    def added_to_call(self, call: cst.Call) -> cst.Call:
        """Return a call of `get` that loads them, by its `options`."""
        if self.are_in(call):
            return call
        if (extended := self._with_longer_option(call)) is not None:
            return cst.ensure_type(extended, cst.Call)
        new = cst.Element(self.written(self._known(call)))
        given = _given_options(call)
        if given is None:
            return call_with(call, cst.Arg(cst.List([new]), keyword=cst.Name("options"), equal=_TIGHT))
        value = cst.List([cst.StarredElement(given.value), new])
        if isinstance(given.value, cst.List):
            old = given.value
            opening, closing = old.lbracket.whitespace_after, old.rbracket.whitespace_before
            elements, space = elements_with(old.elements, new, opening, closing)
            value = old.with_changes(elements=elements, rbracket=old.rbracket.with_changes(whitespace_before=space))
        return cst.ensure_type(call.deep_replace(given.value, value), cst.Call)

    def _with_longer_option(self, expression: cst.BaseExpression) -> cst.BaseExpression | None:
        """Return the statement with one of its options continued, if one begins with the same relations."""
        best, count = None, 0
        for option in _options(expression):
            paths = self._paths(option)
            length = len(paths[0].relations) if len(paths) == 1 else 0
            if count < length == self._shared(paths[0]) < len(self._steps) and paths[0].strategies[-1] not in _LAZY:
                best, count = option, length
        if best is None:
            return None
        longer = best
        for step in self._steps[count:]:
            longer = with_link(longer, step.name, cst.Arg(self._parsed(step.argument)))
        return cst.ensure_type(expression.deep_replace(best, longer), cst.BaseExpression)

    def written(self, known: Sequence[Known] = ()) -> cst.BaseExpression:
        """Return the option; what another one loads on the way is loaded in the same manner."""
        like = max(known, key=self._shared, default=None)
        shared = self._shared(like) if like else 0
        names = [step.name for step in self._steps]
        first = self._steps[0].strategy
        if like and shared:
            names[:shared] = like.strategies[:shared]
            first = like.first
        links = [f"{name}({step.argument})" for name, step in zip(names, self._steps, strict=True)]
        return self._parsed(".".join([f"{first}({self._steps[0].argument})", *links[1:]]))

    def _shared(self, path: Known) -> int:
        """Return how many relations a path has in common with the wanted one."""
        count = 0
        for one, other in zip(path.relations, self._relations, strict=False):
            if one != other:
                break
            count += 1
        return count

    def _is_covered(self, path: Known) -> bool:
        count = len(self._steps)
        return path.relations[:count] == self._relations and path.strategies[count - 1] in _EAGER

    def _known(self, expression: cst.BaseExpression) -> list[Known]:
        return [path for option in _options(expression) for path in self._paths(option)]

    def _paths(self, option: cst.BaseExpression) -> list[Known]:
        """Return the paths of an option, with those of its own `.options(...)`."""
        links = list(reversed(chain(option)[0]))
        strategies: list[str] = []
        relations: list[str] = []
        inner: list[Known] = []
        for link in links:
            if called(link) == "options":
                inner += [path for arg in link.args for path in self._paths(arg.value)]
            elif called(link) in _STRATEGIES and link.args:
                strategies.append(called(link))
                relations.append(self._relation(link.args[0].value))
        first = dotted(links[0].func) if links else ""
        own = [Known(first, tuple(strategies), tuple(relations))] if relations else []
        return [Known(first, (*strategies, *path.strategies), (*relations, *path.relations)) for path in inner] or own

    def _relation(self, value: cst.BaseExpression) -> str:
        owner, _dot, attribute = dotted(value).rpartition(".")
        step = next((step for step in self._steps if step.owner == owner), None)
        if not owner:
            return self._document.code(value)
        return f"{step.home if step else models.home(self._document, owner, self._site)}.{attribute}"

    def _parsed(self, text: str) -> cst.BaseExpression:
        return cst.parse_expression(text, config=self._document.module.config_for_parsing)


def _options(expression: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the options that are written in the chain of a statement, or in a call of `get`."""
    links = [arg for call in chain(expression)[0] if called(call) == "options" for arg in call.args if not arg.star]
    given = _given_options(expression) if isinstance(expression, cst.Call) else None
    listed = given.value.elements if given and isinstance(given.value, cst.List | cst.Tuple) else ()
    return [*(arg.value for arg in links), *(element.value for element in listed)]


def _given_options(call: cst.Call) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword and arg.keyword.value == "options"), None)


def with_link(expression: cst.BaseExpression, name: str, argument: cst.Arg) -> cst.BaseExpression:
    """Return `expression.name(argument)`, on a line of its own where the last link of the chain has one."""
    dot = cst.Dot()
    if isinstance(expression, cst.Call) and isinstance(expression.func, cst.Attribute):
        space = expression.func.dot.whitespace_before
        if isinstance(space, cst.ParenthesizedWhitespace):
            plain = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
            dot = cst.Dot(whitespace_before=plain)
    if isinstance(expression, cst.Call | cst.Name | cst.Attribute | cst.Subscript):
        bare = expression.with_changes(lpar=[], rpar=[])
        whole = cst.Attribute(bare, cst.Name(name), dot)
        return cst.Call(whole, [argument], lpar=expression.lpar, rpar=expression.rpar)
    bare = expression if expression.lpar else expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.Call(cst.Attribute(bare, cst.Name(name)), [argument])
