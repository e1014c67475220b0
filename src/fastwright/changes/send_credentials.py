"""Give one request of a test credentials: headers that the tests have, or a client that sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import libcst.matchers as m
from pydantic import Field, model_validator

from fastwright.changes.editing.dependencies import keyword
from fastwright.changes.editing.objects import argument
from fastwright.changes.editing.sequences import call_with
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class SendCredentials(Operation):
    """In the call that begins at a place, `headers` becomes an argument, or `client` takes the place of the one there.

    Columns count characters from 0. What is named has to be there where the call stands.
    """

    file: ProjectPath
    line: int = Field(ge=1)
    column: int = Field(ge=0)
    headers: str = ""
    client: Identifier = ""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> SendCredentials:
        if bool(self.headers) == bool(self.client):
            raise ValueError("takes headers or a client, and not both")
        if self.headers:
            cst.parse_expression(self.headers)
        return self

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        call = self._call(document)
        place = f"{self.file}:{self.line}"
        if self.headers:
            known = keyword(call, "headers")
            if known is not None:
                if document.code(known.value) == self.headers:
                    return Unchanged(reason=f"{place} sends {self.headers} already")
                raise document.unfit(self.line, "sends other headers already", "put the credentials into those by hand")
            new = argument("headers", cst.parse_expression(self.headers))
            is_new = document.edit(call, "headers", lambda node: call_with(node, new))
        else:
            receiver = cst.ensure_type(call.func, cst.Attribute).value
            if isinstance(receiver, cst.Name) and receiver.value == self.client:
                return Unchanged(reason=f"{place} is sent by {self.client} already")
            is_new = document.edit(receiver, "client", lambda _node: cst.Name(self.client))
        return Applied(files=(self.file,)) if is_new else Unchanged(reason=f"{place} is edited so before")

    def _call(self, document: Document) -> cst.Call:
        """Return the call of a method that begins at the place. Raises `Unfit` if there is none, or more than one."""
        calls = [node for node in m.findall(document.module, m.Call(func=m.Attribute())) if isinstance(node, cst.Call)]
        starts = ((document.range_of(call).start, call) for call in calls)
        found = [call for start, call in starts if (start.line, start.column) == (self.line, self.column)]
        requests = [call for call in found if _is_request(call)]
        if len(requests) != 1:
            raise document.unfit(self.line, "has no request that begins here", "read the tests again")
        return requests[0]

    def explain(self) -> str:
        what = f"headers={self.headers}" if self.headers else f"the client {self.client}"
        return f"send the request of {self.file}:{self.line} with {what}"


def _is_request(call: cst.Call) -> bool:
    """Tell the request from what is called on its answer: `client.get(…).json()` begins at the same place."""
    function = cst.ensure_type(call.func, cst.Attribute)
    return function.attr.value in ("get", "post", "put", "patch", "delete", "head", "options", "request")
