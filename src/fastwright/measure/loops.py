"""Find the loop that a place in the source stands in."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.measure.model import Site
from fastwright.project.source import parsed

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Loop = ast.For | ast.AsyncFor | ast.While | _Comprehension
# Loops of a file, each with what of it runs once per turn.
_Loops = list[tuple[Site, list[ast.AST]]]


@dataclass
class Loops:
    """Reads the files of a tree, each once."""

    root: Path
    _found: dict[str, _Loops] = field(default_factory=dict[str, "_Loops"])

    def around(self, stack: tuple[Site, ...]) -> Site | None:
        """Return the innermost loop that the innermost frame which stands in one stands in."""
        for site in stack:
            loops = [loop for loop, parts in self._in_file(site.file) if any(_holds(part, site) for part in parts)]
            if loops:
                return max(loops, key=lambda loop: (loop.line, loop.column))
        return None

    def _in_file(self, file: str) -> _Loops:
        if file not in self._found:
            try:
                tree = parsed((self.root / file).read_text(encoding="utf-8"))
            except (OSError, SyntaxError, ValueError):
                tree = ast.Module(body=[], type_ignores=[])
            self._found[file] = list(_loops(tree, file, ""))
        return self._found[file]


def _loops(node: ast.AST, file: str, function: str) -> Iterator[tuple[Site, list[ast.AST]]]:
    for child in ast.iter_child_nodes(node):
        name = f"{function}.{child.name}".lstrip(".") if isinstance(child, _Scope) else function
        if isinstance(child, _Loop):
            end_line, end_column = child.end_lineno or child.lineno, child.end_col_offset or 0
            site = Site(
                file=file,
                line=child.lineno,
                column=child.col_offset,
                end_line=end_line,
                end_column=end_column,
                function=function,
            )
            yield site, _repeated(child)
        yield from _loops(child, file, name)


def _repeated(loop: _Loop) -> list[ast.AST]:
    """Return what of a loop runs once per turn: what it goes through is evaluated before it."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [*loop.body]
    if isinstance(loop, ast.While):
        return [loop.test, *loop.body]
    first, *others = loop.generators
    made: list[ast.AST] = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    return [*made, *first.ifs, *others]


def _holds(part: ast.AST, site: Site) -> bool:
    places: Mapping[str, int] = vars(part)
    if "lineno" not in places:  # the further parts of a comprehension have no place of their own
        return any(_holds(child, site) for child in ast.iter_child_nodes(part))
    begin, end = (places["lineno"], places["col_offset"]), (places["end_lineno"], places["end_col_offset"])
    if site.column < 0:
        return begin[0] <= site.line <= end[0]
    return begin <= (site.line, site.column) and (site.end_line, site.end_column) <= end
