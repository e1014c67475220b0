"""What a change does to those who call: the endpoints and OpenAPI documents of two trees, held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastwright.project.model import Endpoint, Frozen
from fastwright.project.read import Reading
from fastwright.proof.schemas import Comparison, Schema, Severity, Side, resolved

_PARAMETER = re.compile(r"{\w+(:\w+)?}")
_SHADOWED = "which comes before it"


class Change(Frozen):
    """One thing that is different about an endpoint.

    `where` leads to the place in the request or response; `announced` says that the run was told to expect it.
    """

    rule: str
    severity: Severity
    where: str
    message: str
    announced: bool = False


class Operation(Frozen):
    """An endpoint by its method and path, and where it is written."""

    method: str
    path: str
    name: str
    file: str | None
    line: int | None

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"


class Changed(Operation):
    """An endpoint that is in both trees, or was removed, and what that means for those who call it."""

    changes: tuple[Change, ...]


class Contract(Frozen):
    """The difference. `breaking` says that somebody who calls has to change something, and that was not announced."""

    added: tuple[Operation, ...] = ()
    changed: tuple[Changed, ...] = ()
    removed: tuple[Changed, ...] = ()
    breaking: bool = False

    def changes(self, *severities: Severity) -> Iterator[tuple[Changed, Change]]:
        """Yield the changes of these severities, each with its endpoint."""
        for operation in (*self.removed, *self.changed):
            yield from ((operation, change) for change in operation.changes if change.severity in severities)


@dataclass(frozen=True)
class Tree:
    """What is served, by method and path without the names of parameters, and what is documented."""

    endpoints: Mapping[tuple[str, str], Endpoint]
    documents: Mapping[str, Any]
    doubts: Mapping[str, str]

    @classmethod
    def of(cls, reading: Reading) -> Tree:
        doubts = {one.subject: one.reason for one in reading.project.unresolved}
        return cls(served(reading), reading.documents, doubts)

    def operation(self, endpoint: Endpoint) -> tuple[Schema, Schema] | None:
        """Return the operation of an endpoint in its document, and that document."""
        path = _PARAMETER.sub(lambda found: "{" + found[0].strip("{}").partition(":")[0] + "}", endpoint.path)
        for prefix in sorted(self.documents, key=len, reverse=True):
            document: Schema = self.documents[prefix]
            item: Schema = document.get("paths", {}).get(path.removeprefix(prefix), {})
            if path.startswith(prefix) and endpoint.method.lower() in item:
                return item[endpoint.method.lower()], document
        return None


def served(reading: Reading) -> dict[tuple[str, str], Endpoint]:
    """Return the endpoints that are reached: of two at the same place, the first.

    How a parameter is named is nothing that those who call can see, so it does not tell endpoints apart.
    """
    found: dict[tuple[str, str], Endpoint] = {}
    for endpoint in reading.project.endpoints:
        path = _PARAMETER.sub(lambda match: "{" + (match[1] or "") + "}", endpoint.path)
        found.setdefault((endpoint.method, path), endpoint)
    return found


def is_announced(rule: str, endpoint: str, announced: tuple[str, ...]) -> bool:
    """Tell whether the run was told to expect this: by the rule, by the endpoint, or by both.

    That an endpoint becomes public must be told by both: it is never meant along with something else.
    """
    both = f"{rule} {endpoint}" in announced
    return both or (rule != "endpoint-public" and (rule in announced or endpoint in announced))


def compare_contracts(before: Reading, after: Reading, announced: tuple[str, ...] = ()) -> Contract:
    """Return what differs for those who call."""
    return _Differ(Tree.of(before), Tree.of(after), announced).contract()


@dataclass(frozen=True)
class _Differ:
    old: Tree
    new: Tree
    announced: tuple[str, ...]

    def contract(self) -> Contract:
        added = [endpoint for name, endpoint in self.new.endpoints.items() if name not in self.old.endpoints]
        gone = [endpoint for name, endpoint in self.old.endpoints.items() if name not in self.new.endpoints]
        both = [
            (self.old.endpoints[name], now) for name, now in self.new.endpoints.items() if name in self.old.endpoints
        ]
        changed = [self._changed(now, self._differences(known, now)) for known, now in both]
        removed = [self._changed(endpoint, [self._removal(endpoint, added)]) for endpoint in gone]
        changed = [operation for operation in changed if operation.changes]
        return Contract(
            added=tuple(Operation(**_place(endpoint)) for endpoint in added),
            changed=tuple(changed),
            removed=tuple(removed),
            breaking=any(
                change.severity == "breaking" and not change.announced
                for operation in (*removed, *changed)
                for change in operation.changes
            ),
        )

    def _changed(self, endpoint: Endpoint, changes: list[Change]) -> Changed:
        shown = f"{endpoint.method} {endpoint.path}"
        marked = [
            change.model_copy(update={"announced": True})
            if is_announced(change.rule, shown, self.announced)
            else change
            for change in changes
        ]
        return Changed(**_place(endpoint), changes=tuple(marked))

    def _removal(self, endpoint: Endpoint, added: list[Endpoint]) -> Change:
        moved = [one for one in added if (one.name, one.file) == (endpoint.name, endpoint.file)]
        path = next(path for (_method, path), one in self.old.endpoints.items() if one is endpoint)
        rule = "method-removed" if any(path == other for _method, other in self.new.endpoints) else "endpoint-removed"
        where = f"; {moved[0].name} is at {moved[0].method} {moved[0].path} now" if moved else ""
        return Change(rule=rule, severity="breaking", where="", message=f"is not there any more{where}")

    def _differences(self, known: Endpoint, now: Endpoint) -> list[Change]:
        found = list(_access(known, now))
        shown = f"{now.method} {now.path}"
        doubt = self.new.doubts.get(shown, "")
        if _SHADOWED in doubt and _SHADOWED not in self.old.doubts.get(f"{known.method} {known.path}", ""):
            found.append(
                Change(rule="endpoint-shadowed", severity="breaking", where="", message=f"not reached: {doubt}")
            )
        before, after = self.old.operation(known), self.new.operation(now)
        if before and after:
            found += _OperationDiffer(before, after).differences()
        elif before:
            message = "is served, but not in the OpenAPI document any more"
            found.append(Change(rule="undocumented", severity="warning", where="", message=message))
        if not any(change.severity == "breaking" for change in found):
            found += _answer(known, now)
        return found


def _access(known: Endpoint, now: Endpoint) -> Iterator[Change]:
    if now.auth.required and not known.auth.required:
        message = "anybody could call it, and credentials are needed now"
        yield Change(rule="auth-required", severity="breaking", where="", message=message)
    elif now.auth.required and now.auth.roles and not known.auth.roles:
        message = f"everybody with credentials could call it, and now only {' or '.join(now.auth.roles)}"
        yield Change(rule="role-required", severity="breaking", where="", message=message)


def _answer(known: Endpoint, now: Endpoint) -> Iterator[Change]:
    """Yield what is seen of an endpoint that anybody may call, when it is called with nothing."""
    was, status = known.auth.status, now.auth.status
    if was is None or status is None or known.kind == "websocket" or now.auth.required:
        return
    if (was < 400 <= status) or (was < 500 <= status):
        message = f"the same request without credentials got {was}, and gets {status} now"
        yield Change(rule="answer-changed", severity="breaking", where="", message=message)


@dataclass(frozen=True)
class _OperationDiffer:
    """Compares an operation of two documents: its parameters, its body, and what it answers when all is well."""

    before: tuple[Schema, Schema]
    after: tuple[Schema, Schema]

    def differences(self) -> list[Change]:
        return [*self._parameters(), *self._body(), *self._responses()]

    def _parameters(self) -> Iterator[Change]:
        known, now = _parameters(*self.before), _parameters(*self.after)
        for name, new in now.items():
            where = f"{name[0]} {name[1]}"
            old = known.get(name)
            if old is None:
                required = bool(new.get("required"))
                rule = "required-parameter-added" if required else "parameter-added"
                message = "is required" if required else "is new"
                yield Change(rule=rule, severity="breaking" if required else "note", where=where, message=message)
                continue
            if new.get("required") and not old.get("required"):
                message = "was optional, is required"
                yield Change(rule="parameter-required", severity="breaking", where=where, message=message)
            yield from self._schemas("request", old.get("schema", {}), new.get("schema", {}), where)
        for name in known:
            if name not in now:
                where = f"{name[0]} {name[1]}"
                yield Change(rule="parameter-removed", severity="warning", where=where, message="is ignored now")

    def _body(self) -> Iterator[Change]:
        old, new = (resolved(operation.get("requestBody", {}), document) for operation, document in self._pairs)
        if new.get("required") and not old.get("required"):
            message = "was optional, is required" if old else "is required"
            yield Change(rule="body-required", severity="breaking", where="body", message=message)
        if old and not new:
            yield Change(rule="body-removed", severity="warning", where="body", message="is ignored now")
        elif old:
            yield from self._contents("request", old, new, "body")

    def _responses(self) -> Iterator[Change]:
        known, now = (_successes(operation, document) for operation, document in self._pairs)
        gone, come = sorted(set(known) - set(now)), sorted(set(now) - set(known))
        if gone:
            told = f"was {', '.join(gone)}, is {', '.join(come or sorted(now)) or 'not told'}"
            yield Change(rule="success-status-changed", severity="breaking", where="response", message=told)
        elif come:
            message = f"can also be {', '.join(come)}"
            yield Change(rule="success-status-added", severity="note", where="response", message=message)
        pairs = [(status, status) for status in known if status in now]
        if len(gone) == len(come) == 1:
            pairs += [(gone[0], come[0])]
        for old, new in pairs:
            yield from self._contents("response", known[old], now[new], f"response {new}")

    def _contents(self, side: Side, old: Schema, new: Schema, where: str) -> Iterator[Change]:
        known: Schema = old.get("content", {})
        now: Schema = new.get("content", {})
        gone = [kind for kind in known if kind not in now]
        if gone:
            told = f"was {', '.join(known)}, is {', '.join(now) or 'empty'}"
            yield Change(rule=f"{side}-content-type-changed", severity="breaking", where=where, message=told)
        for kind in known:
            if kind in now:
                yield from self._schemas(side, known[kind].get("schema", {}), now[kind].get("schema", {}), where)

    def _schemas(self, side: Side, old: Schema, new: Schema, where: str) -> Iterator[Change]:
        comparison = Comparison(self.before[1], self.after[1], side)
        comparison.compare(old, new, "")
        for one in comparison.found:
            place = f"{where}: {one.where}" if one.where else where
            yield Change(rule=one.rule, severity=one.severity, where=place, message=one.message)

    @property
    def _pairs(self) -> tuple[tuple[Schema, Schema], tuple[Schema, Schema]]:
        return self.before, self.after


def _parameters(operation: Schema, document: Schema) -> dict[tuple[str, str], Schema]:
    """Return the parameters by where they are and how they are called; those of the path by their position."""
    found: dict[tuple[str, str], Schema] = {}
    for raw in operation.get("parameters", ()):
        one = resolved(raw, document)
        place, name = str(one["in"]), str(one["name"])
        if place == "path":
            name = f"#{sum(known == 'path' for known, _name in found) + 1}"
        found[place, name.lower() if place == "header" else name] = one
    return found


def _successes(operation: Schema, document: Schema) -> dict[str, Schema]:
    responses: Mapping[str, Schema] = operation.get("responses", {})
    return {status: resolved(one, document) for status, one in responses.items() if status[0] in "23"}


def _place(endpoint: Endpoint) -> dict[str, Any]:
    return endpoint.model_dump(include={"method", "path", "name", "file", "line"})
