"""Where an app is made, and where a new module, a middleware or a test of it goes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastwright.changes.add_app_call import AddAppCall
from fastwright.changes.add_file import AddFile
from fastwright.changes.add_middleware import AddMiddleware
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.project.source import Function, called
from fastwright.recipes._app.app import App
from fastwright.recipes._app.layout import Layout
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._routes import Routes

# Folders that hold what belongs to no subject, the best first.
_FOLDERS = ("core", "common", "platform", "utils")


@dataclass(frozen=True)
class Home(App):
    """An app: `file` is where it is made, and `target` what it is called there, or the function that makes it."""

    file: str
    target: str

    @property
    def package(self) -> str:
        """The package that the app is imported from, or its module where there is none."""
        return self.layout.module(self.file).split(".", maxsplit=1)[0]

    def place(self, name: str, folder: str = "") -> str | Refusal:
        """Return the path of a new module: in a folder of its kind, in what is shared by all, or beside the app."""
        root = self.layout.root if self.file == self.layout.main else PurePosixPath(self.file).parent
        names = [one for one in (folder, f"{folder}s" if folder else "", *_FOLDERS) if one]
        found = [root / one for one in names if self.layout.is_folder(root / one)]
        paths = [str((found or [root])[0] / f"{one}.py") for one in (name, f"app_{name}")]
        free = [path for path in paths if not self._is_taken(path)]
        if not free:
            hint = f"rename {paths[0]}, or write by hand what is asked for, then: fastwright prove"
            return Refusal(reason=f"{paths[0]} is where it belongs, and holds something else already", hint=hint)
        return free[0]

    def _is_taken(self, path: str) -> bool:
        return any(file == path or file.startswith(f"{path[:-3]}/") for file in self.known.source.files)

    def import_of(self, name: str, path: str, into: str = "") -> Import:
        """Return the import by which a file, the app's unless told, gets a name of a new module."""
        return self.imported(name, path, into or self.file)

    def import_in_tests(self, name: str, path: str) -> Import:
        """Return the import by which tests get a name of a new module: they are not part of the app's package."""
        return Import(module=self.layout.module(path), name=name)

    def module(self, path: str, template: str, **values: object) -> AddFile:
        """Return the operation that writes a new module."""
        code = rendered(template, **values)
        return AddFile(path=path, content=self.formatting.formatted(code, whole=True))

    def middleware(self, name: str, path: str, **options: str) -> AddMiddleware:
        """Return the operation that adds a middleware of a new module, outside of those that are there."""
        return AddMiddleware(
            file=self.file, target=self.target, middleware=name, options=options, imports=(self.import_of(name, path),)
        )

    def call(self, function: str, path: str) -> AddAppCall:
        """Return the operation that calls a function of a new module with the app."""
        return AddAppCall(
            file=self.file, target=self.target, function=function, imports=(self.import_of(function, path),)
        )


def home(known: Known) -> Home | Refusal:
    """Return where the app is made, or why that cannot be told."""
    app = known.project.app
    _module, _colon, attribute = app.entry.partition(":")
    name = attribute.removesuffix("()").split(".")[0]
    if app.file is None or app.file not in known.source.files:
        return Refusal(reason="the app object is not made in this project", hint="name it: --app module:attribute")
    file, target = _factory(known, (app.file, name)) or (app.file, name)
    return Home(Layout(known, Routes(known)), file, target)


def _factory(known: Known, app: Symbol) -> Symbol | None:
    """Return the function of the project that makes the app, if one does, since tests may call it, too."""
    value = known.names.value(app)
    maker = known.names.resolve(app[0], value.func) if isinstance(value, ast.Call) else None
    definition = known.names.definition(maker) if maker else None
    if isinstance(definition, Function) and any(called(node) == "FastAPI" for node in ast.walk(definition)):
        return maker
    return None
