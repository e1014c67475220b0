"""Add classes, functions or variables to a module that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import libcst as cst
from pydantic import field_validator

from fastwright.changes.editing import expressions
from fastwright.changes.editing.index import Site, Statement, dotted
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

_SHOWN = 4
_BLANK = cst.EmptyLine(indent=False)


class AddCode(Operation):
    """Statements, as they are written, behind the definition of `after`, or else at the end of the module.

    The end is above `if __name__ == "__main__":`, where there is that. What the code defines must not be there yet.
    """

    file: ProjectPath
    code: str
    after: Identifier = ""
    imports: tuple[Import, ...] = ()

    @field_validator("code")
    @classmethod
    def _is_code(cls, value: str) -> str:
        try:
            body = cst.parse_module(value).body
        except cst.ParserSyntaxError as error:
            raise ValueError(f"is not Python: {error.message}") from error
        if not body:
            raise ValueError("holds no statement")
        return value

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        parsed = cst.parse_module(self.code, config=document.module.config_for_parsing)
        known = {name: statement for statement in document.module.body for name in _defined(statement)}
        wanted = {name: statement for statement in parsed.body for name in _defined(statement)}
        if self._is_there(document, known, wanted):
            return Unchanged(reason=f"{self.file} has {', '.join(wanted)} already")
        place = self._place(document, known)
        site = Site(document.line_of(document.module.body[place]), 0, (), place + 1)
        local = {
            one.local: document.imports.use(one, site)
            for one in self.imports
            if one.local.partition(".")[0] in _names(parsed)
        }
        statements = [expressions.renamed(statement, local) for statement in _apart(parsed)]
        for number, statement in enumerate(statements):
            document.insert_after(document.module.body[place], f"code {number} {self.code}", statement)
        document.defined.update(dict.fromkeys(wanted, place))
        below = document.module.body[place + 1 : place + 2]
        if below and not below[0].leading_lines and isinstance(statements[-1], cst.FunctionDef | cst.ClassDef):
            document.edit(below[0], "apart", lambda node: node.with_changes(leading_lines=[_BLANK, _BLANK]))
        return Applied(files=(self.file,))

    def _is_there(self, document: Document, known: Mapping[str, Statement], wanted: Mapping[str, Statement]) -> bool:
        """Return whether all of it is there. Raises `Unfit` if a name is, and means something else."""
        taken = known.keys() & wanted.keys()
        for name in sorted(taken):
            meant = expressions.meaning(document, wanted[name], self.imports)
            if expressions.meaning(document, known[name]) != meant:
                raise document.unfit(document.line_of(known[name]), f"{name} is there already, and is not the same")
        return bool(taken) and taken == set(wanted)

    def _place(self, document: Document, known: Mapping[str, Statement]) -> int:
        body = list(document.module.body)
        if not body:
            raise document.unfit(0, "is empty", "write it as a new file")
        if self.after:
            if self.after not in known:
                raise document.unfit(0, f"there is no {self.after} at the top of this file")
            return body.index(known[self.after])
        main = next((number for number, statement in enumerate(body) if _is_main(statement)), len(body))
        return max(main - 1, 0)

    def explain(self) -> str:
        names = [name for statement in cst.parse_module(self.code).body for name in _defined(statement)]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        place = f" behind {self.after}" if self.after else ""
        return f"add {', '.join(names[:_SHOWN]) or 'code'}{more} to {self.file}{place}"


def _defined(statement: Statement) -> Iterator[str]:
    """Yield the names that a statement at the top of a module defines."""
    if isinstance(statement, cst.ClassDef | cst.FunctionDef):
        yield statement.name.value
    elif isinstance(statement, cst.SimpleStatementLine):
        for small in statement.body:
            if isinstance(small, cst.Assign):
                yield from (name for target in small.targets if (name := dotted(target.target)))
            elif isinstance(small, cst.AnnAssign) and (name := dotted(small.target)):
                yield name


def _names(module: cst.Module) -> set[str]:
    """Return every name that the code may use, in annotations that are texts, too."""
    return {word for word in _words(module.code) if word.isidentifier()}


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in f"{text} ":
        if character.isalnum() or character == "_":
            word += character
        elif word:
            yield word
            word = ""


def _apart(module: cst.Module) -> list[Statement]:
    """Return the statements, the first with two blank lines above it, and with its comments."""
    first, *others = module.body
    comments = [line for line in module.header if line.comment]
    return [first.with_changes(leading_lines=[_BLANK, _BLANK, *comments]), *others]


def _is_main(statement: Statement) -> bool:
    return isinstance(statement, cst.If) and "__name__" in cst.Module([]).code_for_node(statement.test)
