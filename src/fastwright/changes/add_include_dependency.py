"""Add a dependency where a router is included: the same router elsewhere stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fastwright.changes.attaching import CallDependency

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import CallSite


class AddIncludeDependency(CallDependency):
    """A dependency in `include_router(..., dependencies=[...])`. `name` is the router's: `users` for `users.router`."""

    what: ClassVar[str] = "include"

    def accepts(self, document: Document, site: CallSite) -> bool:
        if site.callee.rpartition(".")[2] != "include_router" or not site.node.args:
            return False
        return not self.name or self.name in document.code(site.node.args[0].value).split(".")
