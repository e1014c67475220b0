"""Where files go: below the rows of a resource, whose own endpoint says who may see them, or by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

import inflection

from fastwright.changes.operation import Operation
from fastwright.project.model import Endpoint, Model
from fastwright.project.names import Symbol
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings, surroundings
from fastwright.recipes._code.parts import Linker, Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._paths import below, is_same
from fastwright.recipes._platform.home import Home
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._suite.contract import Contract
from fastwright.recipes._uploading.guarding import Guarded, writers

_ITEM = re.compile(r"\{([^}:]+)[^}]*\}$")
_TYPES = {"integer": "int", "uuid": "UUID"}


@dataclass(frozen=True)
class Item:
    """The endpoint that shows one row of a resource; `key` is its parameter with its type, `router` what it is on."""

    endpoint: Endpoint
    key: tuple[str, str]
    router: Symbol
    route: str
    table: str


@dataclass(frozen=True)
class Uploading:
    """What uploads consist of. `symbols` are what the endpoints name of the app."""

    place: Home
    module: str
    path: str
    item: Item | None
    guard: Guarded
    reads: Guarded
    file: str
    values: dict[str, object]
    symbols: dict[str, Symbol] = field(default_factory=dict[str, Symbol])

    def operations(self) -> Iterator[Operation]:
        """Yield the module that stores files, and the endpoints."""
        if not self.place.layout.is_there(self.module):
            yield self.place.module(self.module, "uploading/uploads.py")
        names = ("StoredFile", "store_upload", "stored_upload", "upload_directory")
        symbols = {**self.symbols, **{name: (self.module, name) for name in names}}
        linker = Linker(self.place.known, self.place.layout, self.place.formatting, symbols)
        code = rendered("uploading/endpoints.py", **self.values)
        yield from linker.operations([Part(Place(self.file), code, "Files that callers send, and get back.")])


def item_below(known: Known, app: Home, path: str) -> Item | Refusal:
    """Return the rows that a path names, or why they can have no files. Raises `InputError` if it names nothing."""
    reads = [one for one in below(known.project.endpoints, path) if one.method == "GET" and one.kind == "operation"]
    found = [one for one in reads if _ITEM.search(one.path)]
    found = [one for one in found if is_same(one.path, path) or is_same(one.path.rpartition("/")[0], path)]
    if not found:
        reason = f"no endpoint shows one row of {path}, so that it cannot be told who may have its files"
        return Refusal(reason=reason, hint="name a resource that has one, or leave out the path")
    one = found[0]
    registration = app.routes.of(one)
    name = _ITEM.findall(one.path)[0]
    schema: Mapping[str, Any] = Contract(known.rehearsal).parameter(one, name) if known.rehearsal else {}
    model = _model(known, one)
    kind = _TYPES.get(str(schema.get("format") or schema.get("type")), "") or _key_type(model)
    if one.path.count("{") != 1:
        reason = f"GET {one.path} is below the rows of another resource"
        return Refusal(reason=reason, hint="name a resource by itself, or leave out the path")
    if not kind:
        reason = f"GET {one.path} is asked by what callers chose, which is no name for a directory"
        return Refusal(reason=reason, hint="give the rows a key of their own, or leave out the path")
    if registration is None or registration.owner is None or registration.path is None or model is None:
        reason = f"it cannot be told from the source on which router GET {one.path} is, or whose rows it shows"
        return Refusal(reason=reason, hint="leave out the path: files go by themselves then")
    return Item(one, (name, kind), registration.owner, registration.path, model.table or "")


def _key_type(model: Model | None) -> str:
    """Return the type of the key of rows, where a text in the path can be nothing else."""
    keys = [column.type for column in model.columns if column.primary_key] if model else []
    return "UUID" if keys in (["UUID"], ["CHAR(32)"]) else ""


def _model(known: Known, endpoint: Endpoint) -> Model | None:
    given = endpoint.response_model or ""
    models = sorted((one for one in known.project.models if one.table), key=lambda one: -len(one.name))
    steps = [step for step in endpoint.path.split("/") if step and not step.startswith("{")]
    noun = inflection.singularize(steps[-1].replace("-", "")).lower() if steps else ""
    named = (one for one in models if given.startswith(one.name) or one.name.lower() == noun)
    kept = (one for one in models if inflection.singularize((one.table or "").replace("_", "")).lower() == noun)
    return next(chain(named, kept), None)


def below_rows(known: Known, app: Home, module: str, item: Item) -> Uploading | Refusal:
    """Return uploads below the rows of a resource: who may see a row may have its files."""
    endpoint, (name, kind) = item.endpoint, item.key
    collection = endpoint.path.rpartition("/")[0]
    near = [one for one in known.project.endpoints if is_same(one.path, endpoint.path) or is_same(one.path, collection)]
    guard = writers(known, near)
    if isinstance(guard, Refusal):
        return guard
    shows = f"Depends({endpoint.name})"
    needed = bool(guard.text) and (not endpoint.auth.required or any(one.auth.roles for one in guard.endpoints))
    subject = PurePosixPath(collection).name.replace("-", "_")
    one = inflection.singularize(subject)
    values: dict[str, object] = {
        "new_router": False,
        "owner": item.router[1],
        "route": f"{item.route}/files",
        "key": {"name": name, "type": kind},
        "folder": f'upload_directory() / "{subject}" / str({name})',
        "names": {"upload": f"upload_{one}_file", "download": f"download_{one}_file"},
        "upload_guards": ", ".join([*([guard.text] if needed else []), shows]),
        "download_guards": shows,
    }
    reads = Guarded(shows, {}, (endpoint,) if endpoint.auth.required else (), endpoint.name)
    path = f"{endpoint.path}/files"
    file = endpoint.file or app.file
    return Uploading(app, module, path, item, guard, reads, file, values, guard.symbols)


def by_themselves(known: Known, app: Home, module: str) -> tuple[Uploading, Surroundings | None] | Refusal:
    """Return uploads of their own, guarded as what changes things is elsewhere."""
    guard = writers(known, [])
    if isinstance(guard, Refusal):
        return guard
    around = surroundings(known)
    around = None if isinstance(around, Refusal) else around
    path = f"{around.prefix if around else ''}/files"
    single = around is None or around.is_single or app.layout.is_single
    file = app.file if single else app.layout.place("router", "file", "files").file
    values: dict[str, object] = {
        "new_router": not single,
        "owner": app.target if single else "router",
        "router_prefix": around.router_prefix(path) if around else path,
        "route": path if single else "",
        "key": None,
        "folder": "upload_directory()",
        "names": {"upload": "upload_file", "download": "download_file"},
        "upload_guards": guard.text,
        "download_guards": guard.text,
    }
    made = Uploading(app, module, path, None, guard, guard, file, values, guard.symbols)
    return made, None if single else around
