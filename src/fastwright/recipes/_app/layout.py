"""Where the parts of new code belong: beside those of the same kind, or where a careful hand would begin with them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

import inflection

from fastwright.project.locate import importable
from fastwright.project.source import SourceFile, is_test
from fastwright.recipes._recipe import Known
from fastwright.recipes._routes import Routes

Kind = Literal["models", "schemas", "router", "security", "dependencies"]
# So many that are alike are a convention.
_FEW = 2
_UNCOUNTED = frozenset({"auth", "health"})
_CORE = ("core", "common", "utils")
# Folders with a module for each subject.
# Folders beside the code of an app.
_ASIDE = frozenset({"alembic", "migrations", "scripts", "docs", "examples"})
_FOLDERS = frozenset({"models", "model", "entities", "tables", "schemas", "schema", "dto", "dtos"})


@dataclass(frozen=True)
class Place:
    """A file, new or not; in one that is there, new code goes behind the definition `after`, or else to the end."""

    file: str
    after: str = ""


@dataclass(frozen=True)
class Layout:
    """The places of one app."""

    known: Known
    routes: Routes

    @property
    def is_single(self) -> bool:
        """Whether models, schemas and endpoints all stand in the file of the app."""
        file = self.known.project.app.file
        return file is not None and self._model_files() in ([file], []) and self._router_files() in ([file], [])

    @property
    def main(self) -> str:
        return self.known.project.app.file or "main.py"

    @property
    def root(self) -> PurePosixPath:
        """The package of the app: where its file is, or, where that stands alone above it, the one folder below."""
        home = PurePosixPath(self.main).parent
        paths = [PurePosixPath(file.path) for file in self.known.source.own if not is_test(file.path)]
        paths = [path for path in paths if path.is_relative_to(home) and not _ASIDE & {*path.parts}]
        return _sole_folder(home, [path for path in paths if str(path) != self.main and path.stem != "__init__"])

    def router_name(self, file: str) -> str:
        """Return what the router of a new file is called: `router`, or after the file where most are."""
        routers = [symbol for symbol in self.routes.routers() if symbol[0] != self.main]
        plain = sum(name == "router" for _file, name in routers)
        if not routers or plain * 2 >= len(routers) or not all("router" in name for _file, name in routers):
            return "router"
        stem = PurePosixPath(file).stem
        return stem if stem.endswith("_router") else f"{stem}_router"

    def place(self, kind: Kind, singular: str, package: str) -> Place:
        """Return where something of a kind goes; `package` is the domain that it belongs to, if there are domains."""
        if self.is_single:
            return self.in_main(kind)
        if kind == "schemas" and not self._schema_files() and self._with_schemas():
            # They stand above the endpoints that take and give them.
            if self._router_files() == [self.main]:
                return self.in_main(kind)
            kind = "router"
        if self.known.project.conventions.layout == "domains":
            return self._in_domain(kind, singular, package)
        if kind == "security":
            return self._in_core("security")
        return self._dependencies() if kind == "dependencies" else self._in_layers(kind, singular, package)

    @property
    def domains(self) -> list[str]:
        """The names of the folders with a subject each, where the app is laid out so."""
        if self.known.project.conventions.layout != "domains":
            return []
        return [PurePosixPath(file).parent.name for file in self._router_files()]

    def is_there(self, file: str) -> bool:
        return file in self.known.source.files

    def is_folder(self, path: PurePosixPath) -> bool:
        """Tell a folder with modules in it, whether or not it says that it is a package."""
        return any(PurePosixPath(file).parent == path for file in self.known.source.files)

    def module(self, file: str) -> str:
        """Return the dotted name by which the modules of the app import a file, which may be new."""
        if file in self.known.source.files:
            return importable(self.known.source, self.known.source.files[file])[1]
        base, _module = importable(self.known.source, self.known.source.files[self.main])
        steps = PurePosixPath(file).with_suffix("")
        return ".".join((steps.relative_to(base) if base != "." else steps).parts).removesuffix(".__init__")

    def in_main(self, kind: Kind) -> Place:
        """Return a place in the one file: what endpoints use stands above them, so that all of them can use it."""
        if kind == "models":
            return Place(self.main, self._last_model(self.main))
        if kind == "schemas":
            return Place(self.main, self._last_class() or self._above_endpoints())
        return Place(self.main, "" if kind == "router" else self._above_endpoints())

    def _last_class(self) -> str:
        """Return the last class above the endpoints: the models of bodies and answers stand together."""
        file = self.known.source.files[self.main]
        lines = {
            name: nodes[-1].lineno for name, nodes in file.definitions.items() if isinstance(nodes[-1], ast.ClassDef)
        }
        above = {name: line for name, line in lines.items() if "." not in name and line < self._first_endpoint()}
        return max(above, key=lambda name: above[name], default="")

    def _first_endpoint(self) -> int:
        return min((one.line for one in self.routes.registrations if one.file == self.main), default=0)

    def _above_endpoints(self) -> str:
        file = self.known.source.files[self.main]
        first = self._first_endpoint()
        lines = dict(file.assignments)
        lines |= {name: nodes[-1].lineno for name, nodes in file.definitions.items() if "." not in name}
        above = {name: line for name, line in lines.items() if line < first}
        return max(above, key=lambda name: above[name], default="")

    def _in_layers(self, kind: Kind, singular: str, package: str) -> Place:
        files = {"models": self._model_files, "schemas": self._schema_files, "router": self._router_files}[kind]()
        alike = _in_folders(files, package)
        if alike is not None:
            return self._at(alike)
        return self._beside_routers(package) if kind == "router" else self._beside(files, singular, kind)

    def _in_domain(self, kind: Kind, singular: str, package: str) -> Place:
        """Return a file in the folder of the domain, called as in the others, unless all share one, or a folder."""
        domains = [PurePosixPath(file).parent for file in self._router_files()]
        parent = Counter(domain.parent for domain in domains).most_common(1)[0][0]
        files = {"models": self._model_files, "schemas": self._schema_files, "router": self._router_files}
        alike = [PurePosixPath(file) for file in files[kind]()] if kind in files else []
        within = [path for path in alike if path.parent in domains]
        if len({path.parent for path in alike}) == 1 and not within:
            return self._beside([str(path) for path in alike], singular, kind)
        names = Counter(path.name for path in within if path.name != "__init__.py")
        name, count = names.most_common(1)[0] if names else ("", 0)
        return self._at(parent / package / (name if count >= _FEW and count * 2 > len(within) else f"{kind}.py"))

    def _beside(self, files: Sequence[str], singular: str, default: str) -> Place:
        """Return a new file in the folder of the others, or the one file that has all of the kind."""
        if not files:
            return self._at(self.root / f"{default}.py")
        if len(files) == 1 and PurePosixPath(files[0]).parent.name not in _FOLDERS:
            return Place(files[0], self._last_model(files[0]) if default == "models" else "")
        folder = Counter(PurePosixPath(file).parent for file in files).most_common(1)[0][0]
        siblings = [PurePosixPath(file).stem for file in files if PurePosixPath(file).parent == folder]
        return self._at(folder / f"{named_like(siblings, singular)}.py")

    def _beside_routers(self, name: str) -> Place:
        files = [file for file in self._router_files() if PurePosixPath(file).name != "__init__.py"]
        files = [file for file in files if file != self.main] or files
        if not files:
            return self._at(self.root / f"{name}.py")
        # Admin areas lie deeper than what everybody uses.
        depth = min(len(PurePosixPath(file).parts) for file in files)
        shallow = [file for file in files if len(PurePosixPath(file).parts) == depth]
        folder, count = Counter(PurePosixPath(file).parent for file in shallow).most_common(1)[0]
        if count == 1 < len(shallow):
            # Each has a folder of its own, and none of them is that of the new one.
            folder, shallow = self.root, []
        siblings = [PurePosixPath(file).stem for file in shallow if PurePosixPath(file).parent == folder]
        alike = named_like(siblings, name)
        for stem in (alike, f"user_{name}"):
            if not self.is_there(str(folder / f"{stem}.py")) and not self.is_there(str(folder / stem / "__init__.py")):
                return Place(str(folder / f"{stem}.py"))
        return self._at(folder / f"{alike}.py")

    def _in_core(self, name: str) -> Place:
        folders = [self.root / core for core in _CORE if self.is_folder(self.root / core)]
        return self._at((folders or [self.root])[0] / f"{name}.py")

    def _dependencies(self) -> Place:
        for file in self.known.source.own:
            if PurePosixPath(file.path).stem in ("dependencies", "deps") and file.tree.body:
                return Place(file.path)
        return self._at(self.root / "dependencies.py")

    def _at(self, path: PurePosixPath) -> Place:
        return Place(str(path))

    def _model_files(self) -> list[str]:
        return list(dict.fromkeys(model.file for model in self.known.project.models if model.file))

    def _router_files(self) -> list[str]:
        found = (registration.file for registration in self.routes.registrations)
        return list(dict.fromkeys(found))

    def _schema_files(self) -> list[str]:
        """Return the files with models of bodies and answers, those with endpoints left out."""
        routed = {*self._router_files()}
        return [file for file in self._with_schemas() if file not in routed]

    def _with_schemas(self) -> list[str]:
        names = {
            name
            for endpoint in self.known.project.endpoints
            for model in (endpoint.request_model, endpoint.response_model)
            if model
            for name in _words(model)
        }
        tables = {(model.file, model.name) for model in self.known.project.models}
        return [
            file.path
            for file in self.known.source.own
            if any(_defines(file, name) and (file.path, name) not in tables for name in names)
        ]

    def _last_model(self, file: str) -> str:
        lines = {model.name: model.line or 0 for model in self.known.project.models if model.file == file}
        return max(lines, key=lambda name: lines[name], default="")


def _sole_folder(home: PurePosixPath, paths: Sequence[PurePosixPath]) -> PurePosixPath:
    """Return the folder that has all modules in it, as far down as there is one folder and no module beside it."""
    tops = {path.relative_to(home).parts[0] for path in paths}
    if len(tops) != 1 or any(path.parent == home for path in paths):
        return home
    return _sole_folder(home / tops.pop(), paths)


def _in_folders(files: Sequence[str], name: str) -> PurePosixPath | None:
    """Return the file of one more subject, where most have a folder each with a file of the same name in it.

    That name may be that of the folder: `orders/orders.py`.
    """
    paths = [PurePosixPath(file) for file in files if len(PurePosixPath(file).parts) > 1]
    found = Counter(_shape(path) for path in paths if path.stem != "__init__")
    (above, file), count = found.most_common(1)[0] if found else ((PurePosixPath(), ""), 0)
    if count < _FEW or count * 2 <= len(files):
        return None
    folder = named_like([path.parent.name for path in paths if _shape(path) == (above, file)], name)
    return above / folder / (file or f"{folder}.py")


def _shape(path: PurePosixPath) -> tuple[PurePosixPath, str]:
    """Return where the folder of a subject is, and the name of the file in it, if that is not called like it, too."""
    return path.parent.parent, "" if path.stem == path.parent.name else path.name


def named_like(siblings: Sequence[str], name: str) -> str:
    """Return the name of one more module: `user_controller` beside `order_controller`, `users` beside `orders`."""
    siblings = [stem for stem in siblings if stem != "__init__"]
    for mark in ("_controller", "_router", "_routes", "_api", "_schema", "_model", "_repository", "_service"):
        if siblings and all(stem.endswith(mark) for stem in siblings):
            return f"{name}{mark}"
    for stem in siblings:
        start, underscore, rest = stem.partition("_")
        if underscore and rest and len(siblings) > 1 and all(one.startswith(f"{start}_") for one in siblings):
            return f"{start}_{name}"
    plural = [stem for stem in siblings if inflection.pluralize(stem) == stem]
    return inflection.pluralize(name) if name not in _UNCOUNTED and len(plural) * 2 > len(siblings) else name


def _words(text: str) -> list[str]:
    return [
        word for word in text.replace("[", " ").replace("]", " ").replace("|", " ").replace(",", " ").split() if word
    ]


def _defines(file: SourceFile, name: str) -> bool:
    return name in file.definitions
