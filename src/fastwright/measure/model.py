"""What was measured, and why it is as it is: growth by endpoint, and causes with their places in the source.

Places are exact: line and columns of the node as the interpreter counts them, so that an operation finds the same one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fastwright.design.model import Frozen

Growth = Literal["constant", "linear", "superlinear"]


# How often something happens, by the size of the data.
Counts = dict[int, int]


class Site(Frozen):
    """A node of the source: what was being evaluated in a frame, from `co_positions()`.

    `file` is relative to the project. Lines count from 1; columns count from 0, in bytes of UTF-8, the end exclusive.
    Before Python 3.11 only the line is known, and the columns are -1.
    """

    file: str
    line: int
    column: int = -1
    end_line: int = -1
    end_column: int = -1
    function: str = ""

    @property
    def shown(self) -> str:
        return f"{self.file}:{self.line}"


class Relation(Frozen):
    """A relationship by its owner: `module.model.attribute`."""

    module: str
    model: str
    attribute: str

    @property
    def shown(self) -> str:
        return f"{self.model}.{self.attribute}"


class LazyLoad(Frozen):
    """A relation is loaded once per row of what `site` read.

    `site` is where the statement that made the rows was executed, and `callers` are the frames of the app around it,
    the innermost first: of a helper that executes what it is given, the caller is the place to edit. `chain` leads
    from the rows of `site` to the relation. `touched` is where it was read; nothing, if that was the serialisation.
    With `fails`, the app is async and the load is not possible at all: a 500 as soon as there is a row.
    """

    kind: Literal["lazy_load"] = "lazy_load"
    site: Site
    callers: tuple[Site, ...] = ()
    chain: tuple[Relation, ...]
    touched: Site | None = None
    statement: str = ""
    times: Counts = Field(default_factory=dict)
    fails: bool = False


class QueryInLoop(Frozen):
    """`site` is executed once per turn of the loop at `loop`, which may stand in one of the `callers`.

    `loop` is the whole `for` statement, `while` statement or comprehension. `statement` is the SQL with its values as
    placeholders; `tables` are those that it reads.
    """

    kind: Literal["query_in_loop"] = "query_in_loop"
    site: Site
    callers: tuple[Site, ...] = ()
    loop: Site | None = None
    statement: str
    tables: tuple[str, ...] = ()
    times: Counts = Field(default_factory=dict)


class CountPerRow(Frozen):
    """As a query in a loop, but each only counts, sums or tests for existence: one `GROUP BY` answers for all."""

    kind: Literal["count_per_row"] = "count_per_row"
    site: Site
    callers: tuple[Site, ...] = ()
    loop: Site | None = None
    statement: str
    tables: tuple[str, ...] = ()
    times: Counts = Field(default_factory=dict)


class ExpiredReload(Frozen):
    """Rows are read again one by one, since a commit has expired them. `site` is the commit, if it was seen."""

    kind: Literal["expired_reload"] = "expired_reload"
    site: Site | None
    model: str
    touched: Site | None = None
    statement: str
    times: Counts = Field(default_factory=dict)


class DeferredLoad(Frozen):
    """A deferred column is read once per row; `site` is where the rows were read."""

    kind: Literal["deferred_load"] = "deferred_load"
    site: Site
    callers: tuple[Site, ...] = ()
    model: str
    columns: tuple[str, ...]
    statement: str
    times: Counts = Field(default_factory=dict)


class MissingIndex(Frozen):
    """A statement reads a whole table to find few of its rows. The plans are the database's own words.

    `model` is the mapped class (`module`, `name`), if the table has one; `columns` are those of the database.
    """

    kind: Literal["missing_index"] = "missing_index"
    site: Site | None
    table: str
    columns: tuple[str, ...]
    module: str = ""
    model: str = ""
    attributes: tuple[str, ...] = ()
    statement: str
    plan_before: str
    plan_after: str


class UnboundedList(Frozen):
    """A response has an entry for every row there is. `site` is where they are read, `handler` the endpoint."""

    kind: Literal["unbounded_list"] = "unbounded_list"
    site: Site
    callers: tuple[Site, ...] = ()
    handler: Site
    model: str
    statement: str
    entries: Counts = Field(default_factory=dict)


class WholeRows(Frozen):
    """Whole rows of a model are loaded, and few of their columns appear in the response."""

    kind: Literal["whole_rows"] = "whole_rows"
    site: Site
    callers: tuple[Site, ...] = ()
    model: str
    loaded: tuple[str, ...]
    used: tuple[str, ...]
    statement: str


class RepeatedStatement(Frozen):
    """The very same statement, with the same values, is executed more than once in a request."""

    kind: Literal["repeated_statement"] = "repeated_statement"
    site: Site | None
    callers: tuple[Site, ...] = ()
    statement: str
    count: int


NEW_CLIENT = "a new HTTP client"


class Blocking(Frozen):
    """The event loop waits for something that is not async: a hash, an HTTP client, a session, a sleep."""

    kind: Literal["blocking"] = "blocking"
    site: Site | None
    what: str
    seconds: float


Cause = Annotated[
    LazyLoad
    | QueryInLoop
    | CountPerRow
    | ExpiredReload
    | DeferredLoad
    | MissingIndex
    | UnboundedList
    | WholeRows
    | RepeatedStatement
    | Blocking,
    Field(discriminator="kind"),
]
