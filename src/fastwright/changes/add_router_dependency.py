"""Add a dependency to a router: everything that is registered on it depends on it from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastwright.changes.attaching import CallDependency
from fastwright.changes.editing.dependencies import keyword

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import CallSite


class AddRouterDependency(CallDependency):
    """A dependency in `APIRouter(dependencies=[...])`. `name` is what the router is assigned to."""

    what: ClassVar[str] = "router"

    def accepts(self, document: Document, site: CallSite) -> bool:
        if self.name and site.target.rpartition(".")[2] != self.name:
            return False
        if document.names.origin(site.callee) == "fastapi.APIRouter":
            return True
        # A class of the project's own that derives from APIRouter: its name must say so, or the line must.
        last = site.callee.rpartition(".")[2]
        is_meant = self.name or site.statement_line == self.line or keyword(site.node, "dependencies") is not None
        return last.endswith("Router") or (last[:1].isupper() and last != "FastAPI" and bool(site.target and is_meant))
