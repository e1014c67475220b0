"""A read inside a loop: followed through its variables, with the loops that give its keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import inflection
import libcst as cst

from fastwright.changes.editing import loops, reads
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.executing import Evaluated
from fastwright.changes.editing.index import Scope, dotted
from fastwright.changes.editing.loops import Loop, is_plain, names_of
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.editing.reads import NotUnderstood, Read, Reader
from fastwright.changes.editing.statements import assigned, called, chain
from fastwright.changes.editing.turns import Turns, set_in

# What gives its rows only once, or reads them again each time.
_LAZY = frozenset(
    {"scalars", "execute", "exec", "query", "stream", "map", "filter", "zip", "iter", "reversed", "mappings"}
)
_LAZY_TYPES = ("Iterator", "Iterable", "Generator", "Query", "Result")
_STATEMENTS = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
_CONDITIONS = (cst.If, cst.IfExp, cst.BooleanOperation, cst.Match, cst.While)


@dataclass(frozen=True, eq=False)
class LoopedRead:
    """`replaced` has the result of the read, by `key`; `loops` give the keys, the first of them the outermost.

    `removed` are the statements that only led to the read.
    """

    site: Evaluated
    path: tuple[cst.CSTNode, ...]
    read: Read
    key: cst.BaseExpression
    loops: tuple[Loop, ...]
    replaced: cst.BaseExpression
    removed: tuple[cst.CSTNode, ...]

    @property
    def outermost(self) -> Loop:
        return self.loops[0]


def looped_read(document: Document, site: Evaluated, primary_key: str) -> LoopedRead:
    """Return the read at a place. Raises `NotUnderstood` where reading all before the loop may not be the same."""
    path = loops.path_to(document, site.node)
    around = loops.loops(path)
    if not around:
        raise NotUnderstood("there is no loop around this in its function")
    whole = reads.wholly(path, cast("cst.BaseExpression", site.node))
    filled = _Filled(document, around[0], path, whole)
    bound = frozenset[str]().union(*(loop.names for loop in around), *(set_in(part) for part in around[0].body))
    read = Reader(primary_key, bound).read(filled.whole)
    key = _key(read.key, around)
    found = LoopedRead(site, path, read, key, _giving(key, around), filled.replaced, tuple(filled.removed))
    _check(document, found)
    return found


class _Filled:
    """A read with what its variables stand for, as far as they are set and used once in the loop."""

    def __init__(
        self, document: Document, loop: Loop, path: tuple[cst.CSTNode, ...], whole: cst.BaseExpression
    ) -> None:
        self.whole = self.replaced = whole
        self.removed: list[cst.CSTNode] = []
        self._document = document
        self._loop = loop
        self._follow_result(path)
        self._fill_statement()

    def _follow_result(self, path: tuple[cst.CSTNode, ...]) -> None:
        """Go on where the result is used, if it is kept in a variable first."""
        parent, line = (path[path.index(self.whole) - back] for back in (1, 2))
        links = chain(self.whole)[0]
        if not isinstance(parent, cst.Assign) or len(links) != 1 or called(links[0]) not in reads.LATER:
            return
        uses = self._uses(dotted(parent.targets[0].target))
        if len(parent.targets) == len(uses) == 1 and _is_alone(line):
            used = reads.wholly(loops.path_to(self._document, uses[0]), uses[0])
            self.replaced = used
            self.whole = cst.ensure_type(used.deep_replace(uses[0], self.whole), cst.BaseExpression)
            self.removed.append(line)

    def _fill_statement(self) -> None:
        links = chain(self.whole)[0]
        first = links[-1].args[0].value if links and links[-1].args else None
        if not isinstance(first, cst.Name):
            return
        values = [value for part in self._loop.body for value in assigned(part, first.value)]
        if len(values) == 1 and len(self._uses(first.value)) == 1:
            line = loops.path_to(self._document, values[0])[-3]
            if _is_alone(line):
                self.whole = cst.ensure_type(self.whole.deep_replace(first, values[0]), cst.BaseExpression)
                self.removed.append(line)

    def _uses(self, name: str) -> list[cst.Name]:
        return [use for part in self._loop.body for use in loops.uses(part, name)]


def _is_alone(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1


def _key(key: cst.BaseExpression, around: Sequence[Loop]) -> cst.BaseExpression:
    """Return the key as an expression that can be read before the loop."""
    if isinstance(key, cst.Name):
        values = [value for part in around[0].body for value in assigned(part, key.value)]
        key = values[0] if len(values) == 1 else key
    if not is_plain(key):
        raise NotUnderstood("the key is more than an attribute of what the loop goes through")
    return key


def _giving(key: cst.BaseExpression, around: Sequence[Loop]) -> tuple[Loop, ...]:
    """Return the loops that the keys come from, the outermost first."""
    given: list[Loop] = []
    wanted = names_of(key)
    for loop in reversed(around):
        if wanted & loop.names:
            given.insert(0, loop)
            wanted = names_of(loop.iterated)
    if not given:
        raise NotUnderstood("the key does not come from the loop: each turn may decide what the next one reads")
    if any(loop.is_async for loop in given):
        raise NotUnderstood("the loop is async: it cannot be gone through twice")
    if not all(is_plain(loop.iterated) for loop in given[1:]):
        raise NotUnderstood("the inner loop goes through something that may read itself")
    return tuple(given)


def _check(document: Document, found: LoopedRead) -> None:
    """Raise `NotUnderstood` where the turns do more than read, or read only under a condition."""
    session = dotted(found.read.session)
    targets = frozenset[str]().union(*(loop.names for loop in found.loops))
    iterated = frozenset[str]().union(*(names_of(loop.iterated) for loop in found.loops))
    kept = (names_of(found.key) | names_of(found.read.session) | iterated) - targets
    own = targets | names_of(found.outermost.iterated) | _result_names(document, found)
    turns = Turns(document, found.site.scopes, session, kept, own - {session.partition(".")[0]})
    if why := turns.objection(found.outermost):
        raise NotUnderstood(why)
    _check_conditions(document, found)


def _check_conditions(document: Document, found: LoopedRead) -> None:
    """Raise `NotUnderstood` where the loop, or the key, may not be there at all when it would be read before."""
    at = found.path.index(found.outermost.node)
    depth = document.code(found.key).count(".")
    if depth > 1 and any(isinstance(node, _CONDITIONS) for node in found.path[at:]):
        raise NotUnderstood("the key is read under a condition: it may not be there in every turn")
    line = max((n for n in range(at + 1) if isinstance(found.path[n], _STATEMENTS)), default=0)
    if any(isinstance(node, cst.IfExp | cst.BooleanOperation | cst.Lambda) for node in found.path[line:at]):
        raise NotUnderstood("the loop itself is under a condition in the middle of its line")


def _result_names(document: Document, found: LoopedRead) -> frozenset[str]:
    """Return the name that the loop gives to what is read."""
    parent = loops.path_to(document, found.replaced)[-2]
    targets = parent.targets if isinstance(parent, cst.Assign) else ()
    return frozenset(dotted(target.target) for target in targets) - {""}


def is_lasting(document: Document, scopes: Sequence[Scope], iterated: cst.BaseExpression) -> bool:
    """Return whether what a loop goes through can be gone through twice, and is the same then."""
    if not isinstance(iterated, cst.Name):
        return is_plain(iterated)
    function = next((scope for scope in reversed(scopes) if isinstance(scope, cst.FunctionDef)), None)
    if function is None:
        return False
    values = list(assigned(function.body, iterated.value))
    given = [param for param in all_parameters(function.params) if param.name.value == iterated.value]
    kinds = [document.code(param.annotation.annotation) if param.annotation else "" for param in given]
    if any(kind in annotation for annotation in kinds for kind in _LAZY_TYPES):
        return False
    return bool(values or given) and all(loops.is_list(value) or not _is_lazy(value) for value in values)


def _is_lazy(value: cst.BaseExpression) -> bool:
    calls, _bottom = chain(value)
    return not calls or any(called(call) in _LAZY for call in calls) or isinstance(value, cst.GeneratorExp)


def name_for(loop: Loop, taken: frozenset[str]) -> str:
    """Return a name for all that a loop goes through."""
    name = inflection.pluralize(loop.target.value) if isinstance(loop.target, cst.Name) else "rows"
    if dotted(loop.iterated) == name or name not in taken:
        return name
    return f"all_{name}"
