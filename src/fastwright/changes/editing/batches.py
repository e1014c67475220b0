"""One read for all keys of a loop, as source: the statements that make a dictionary, and what is asked of that.

The keys are read 500 at a time, as `selectinload` does it: a database takes only so many values in one statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import inflection
import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Site, Statement
from fastwright.changes.editing.layout import wrapped
from fastwright.changes.editing.loops import Loop
from fastwright.changes.editing.names import scope_names
from fastwright.changes.editing.reads import Read
from fastwright.changes.editing.statements import called
from fastwright.changes.wanted import Import

_SELECT = Import(module="sqlalchemy", name="select")
_COL = Import(module="sqlmodel", name="col")
_FUNC = Import(module="sqlalchemy", name="func")
_AT_A_TIME = 500


@dataclass(frozen=True)
class Batch:
    """One read of all that the turns of a loop would read. `key` is what a turn asks for, `loops` give all keys."""

    document: Document
    site: Site
    read: Read
    key: cst.BaseExpression
    loops: Sequence[Loop]
    model: str

    @cached_property
    def name(self) -> str:
        """The name of the dictionary."""
        one = inflection.underscore(self.model)
        names = {"count": f"{one}_counts", "value": f"{one}_values"}
        name = names.get(self.read.shape, f"{inflection.pluralize(one)}_by_{self.read.attribute}")
        return self._free(name, f"{self.read.shape} {self._statement(self._all_keys)}")

    @cached_property
    def _keys_name(self) -> str:
        """The name of the list of all keys."""
        return self._free(inflection.pluralize(self._code(self.key).replace(".", "_")), self._all_keys)

    @cached_property
    def _all_keys(self) -> str:
        return self._keys(self._code(self.loops[0].iterated))

    def _free(self, name: str, value: str) -> str:
        scope = self.site.scopes[-1] if self.site.scopes else self.document.module
        return self.document.variable(scope, name, value, scope_names(self.site))

    def answer(self, asked: cst.BaseExpression) -> cst.BaseExpression:
        """Return what a turn gets for its key."""
        missing = {"rows": ", []", "count": ", 0"}.get(self.read.shape, "")
        return cst.parse_expression(f"{self.name}.get({self._code(asked)}{missing})")

    def statements(self, iterated: str) -> list[Statement]:
        """Return the statements before the loop; `iterated` is what the outermost loop goes through."""
        keys, name = self._keys_name, self.name
        row, key, value = map(self._target, (inflection.underscore(self.model), "key", "value"))
        start = self._free("start", f"each part of {keys}") if self.read.shape == "rows" else self._target("start")
        parts = f"for {start} in range(0, len({keys}), {_AT_A_TIME})"
        rows = self._executed(f"{keys}[{start} : {start} + {_AT_A_TIME}]")
        collected = self._parsed(f"{keys} = list({self._keys(iterated)})")
        if self.read.shape == "row":
            made = f"{{{row}.{self.read.attribute}: {row} {parts} for {row} in {rows}}}"
            return [collected, self._parsed(f"{name} = {made}")]
        if self.read.shape in {"count", "value"}:
            return [collected, self._parsed(f"{name} = {{{key}: {value} {parts} for {key}, {value} in {rows}}}")]
        row = self._free(row, f"each of {name}")
        kind = f"dict[object, list[{self._code(self.read.model)}]]"
        kept = f"{name}.setdefault({row}.{self.read.attribute}, []).append({row})"
        loop = f"{parts}:\n    for {row} in {rows}:\n        {kept}"
        return [collected, self._parsed(f"{name}: {kind} = {{}}"), self._parsed(loop)]

    def _target(self, name: str) -> str:
        """Return a name for what a comprehension goes through, which must not hide one that its statement needs."""
        used = re.findall(r"\w+", f"{self._code(self.read.session)} {self._statement('')}")
        return self._free(name, f"in a comprehension: {name}") if name in used else name

    def _executed(self, keys: str) -> str:
        """Return the expression that reads the rows of some keys."""
        session, method = self._code(self.read.session), self.read.method
        statement = self._statement(keys)
        if method == "query":
            return statement
        is_several = self.read.shape in {"count", "value"}
        if method == "exec" or (method == "get" and self._is_sqlmodel):
            how = "exec"
        else:
            how = "execute" if is_several else "scalars"
        return f"{'await ' if self.read.is_awaited else ''}{session}.{how}({statement})"

    def _statement(self, keys: str) -> str:
        """Return the select, or the query, of the rows of all keys."""
        model = self._code(self.read.model)
        column = f"{model}.{self.read.attribute}"
        compared = f"{self._used(_COL)}({column})" if self._is_sqlmodel else column
        criterion = f"{compared}.in_({keys})"
        if not self.read.links:
            session = self._code(self.read.session)
            if self.read.method == "query":
                return f"{session}.query({model}).filter({criterion})"
            return f"{self._used(_SELECT)}({model}).where({criterion})"
        first, *rest = self.read.links
        begun = f"{self._code(first.func)}({self._selected(first, column)})"
        links = [self._link(link, criterion) for link in rest]
        if self.read.shape == "count":
            links.append(f"group_by({column})")
        return ".".join([begun, *links])

    def _selected(self, first: cst.Call, column: str) -> str:
        what = self._code(first.args[0].value)
        if self.read.shape == "count" and called(first) == "query":
            return f"{column}, {self._used(_FUNC)}.count()"
        return f"{column}, {what}" if self.read.shape in {"count", "value"} else what

    def _link(self, link: cst.Call, criterion: str) -> str:
        """Return one more link of the statement, with all keys instead of the one."""
        name = called(link)
        others = [self._argument(arg) for arg in link.args if arg is not self.read.criterion]
        if len(others) == len(link.args):
            return f"{name}({', '.join(others)})"
        if name != "filter_by":
            return f"{name}({', '.join([*others, criterion])})"
        chosen = "filter" if self.read.method == "query" else "where"
        return f"{chosen}({criterion})" + (f".filter_by({', '.join(others)})" if others else "")

    def _keys(self, iterated: str) -> str:
        outermost, *inner = self.loops
        parts = [f"for {self._code(outermost.target)} in {iterated}"]
        parts += [f"for {self._code(loop.target)} in {self._code(loop.iterated)}" for loop in inner]
        return f"{{{self._code(self.key)} {' '.join(parts)}}}"

    @property
    def _indent(self) -> int:
        """How far the outermost loop is indented."""
        return self.document.range_of(self.loops[0].node).start.column

    @property
    def _is_sqlmodel(self) -> bool:
        return self.document.names.usable("sqlmodel.select", self.site.top) is not None

    def _used(self, wanted: Import) -> str:
        of_sqlmodel = f"sqlmodel.{wanted.name}"
        if found := self.document.names.usable(of_sqlmodel, self.site.top):
            return found.name
        return self.document.imports.use(wanted, self.site)

    def _argument(self, arg: cst.Arg) -> str:
        return self._code(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip()

    def _code(self, node: cst.CSTNode) -> str:
        return self.document.code(node)

    def _parsed(self, text: str) -> Statement:
        lines = wrapped(text, self._indent)
        return cst.parse_statement(lines, config=self.document.module.config_for_parsing)
