"""Add a dependency to the app: every endpoint of it depends on it from then on, its mounted apps do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastwright.changes.attaching import CallDependency

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import CallSite


class AddAppDependency(CallDependency):
    """A dependency in `FastAPI(dependencies=[...])`. `name` is what the app is assigned to."""

    what: ClassVar[str] = "app"

    def accepts(self, document: Document, site: CallSite) -> bool:
        if self.name and site.target.rpartition(".")[2] != self.name:
            return False
        last = site.callee.rpartition(".")[2]
        return document.names.origin(site.callee) == "fastapi.FastAPI" or last == "FastAPI"
