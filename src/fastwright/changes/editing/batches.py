"""One read for all keys of a loop, as source: the statement that makes a dictionary, and what is asked of that."""

from __future__ import annotations

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
        keys = self._keys(self._code(self.loops[0].iterated))
        return self._free(name, f"{self.read.shape} {self._statement(keys)}")

    def _free(self, name: str, value: str) -> str:
        scope = self.site.scopes[-1] if self.site.scopes else self.document.module
        return self.document.variable(scope, name, value, scope_names(self.site))

    def answer(self, asked: cst.BaseExpression) -> cst.BaseExpression:
        """Return what a turn gets for its key."""
        missing = {"rows": ", []", "count": ", 0"}.get(self.read.shape, "")
        return cst.parse_expression(f"{self.name}.get({self._code(asked)}{missing})")

    def statements(self, iterated: str) -> list[Statement]:
        """Return the statements before the loop; `iterated` is what the outermost loop goes through."""
        rows, name = self._executed(iterated), self.name
        if self.read.shape in {"count", "value"}:
            whole = f"({rows})" if rows.startswith("await ") else rows
            return [self._parsed(f"{name} = dict({whole}.all())")]
        row = inflection.underscore(self.model)
        if self.read.shape == "row":
            return [self._parsed(f"{name} = {{{row}.{self.read.attribute}: {row} for {row} in {rows}}}")]
        row = self._free(row, f"each of {name}")
        kind = f"dict[object, list[{self._code(self.read.model)}]]"
        loop = f"for {row} in {rows}:\n    {name}.setdefault({row}.{self.read.attribute}, []).append({row})"
        return [self._parsed(f"{name}: {kind} = {{}}"), self._parsed(loop)]

    def _executed(self, iterated: str) -> str:
        """Return the expression that reads all rows."""
        session, method = self._code(self.read.session), self.read.method
        statement = self._statement(self._keys(iterated))
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
