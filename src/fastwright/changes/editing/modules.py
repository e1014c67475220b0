"""Which module a name in an import stands for, told by the file that it lies in where that is the project's own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from fastwright.changes.tree import Tree

# One thing under two names: who has the one needs not import the other.
_SAME = {
    "typing_extensions.Annotated": "typing.Annotated",
    "fastapi.param_functions.Depends": "fastapi.Depends",
    "fastapi.param_functions.Security": "fastapi.Security",
    "fastapi.routing.APIRouter": "fastapi.APIRouter",
    "fastapi.applications.FastAPI": "fastapi.FastAPI",
    "starlette.middleware.cors.CORSMiddleware": "fastapi.middleware.cors.CORSMiddleware",
    "starlette.middleware.gzip.GZipMiddleware": "fastapi.middleware.gzip.GZipMiddleware",
    "starlette.middleware.trustedhost.TrustedHostMiddleware": "fastapi.middleware.trustedhost.TrustedHostMiddleware",
    "starlette.middleware.Middleware": "fastapi.middleware.Middleware",
}


@dataclass(frozen=True)
class Modules:
    """The modules as one file sees them. `app.auth`, `src.app.auth` and `.auth` may all be one."""

    tree: Tree
    path: str

    @cached_property
    def own(self) -> str:
        """The module that this file is, by its path from the root of the project."""
        parts = PurePosixPath(self.path).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        parents = [str(parent) for parent in reversed(PurePosixPath(self.path).parents)]
        return tuple(dict.fromkeys(("" if parent == "." else f"{parent}/") for parent in (*parents, "src")))

    def identity(self, module: str) -> str:
        """Return the one name of a module, written with its leading dots if it is relative."""
        name = module.lstrip(".")
        if level := len(module) - len(name):
            package = PurePosixPath(self.path).parts[:-level]
            return ".".join((*package, name) if name else package)
        return self._located(name) or name

    def member(self, module: str, name: str) -> str:
        """Return the one name of what `from module import name` gives."""
        identity = self.identity(module)
        return self.same(f"{identity}.{name}" if identity else name)

    def is_own(self, module: str, name: str) -> bool:
        """Return whether this file itself sets the name; a package may have a module that is called so."""
        if self.identity(module) != self.own:
            return False
        path = "/".join((*self.own.split("."), name))
        return not (self.tree.has(f"{path}.py") or self.tree.has(f"{path}/__init__.py"))

    @staticmethod
    def same(full: str) -> str:
        """Return the one name of a thing that libraries give under several."""
        return _SAME.get(full, full)

    def group(self, module: str) -> int:
        """Return where tools that sort imports put this one: future, standard, others', the project's, relative."""
        top = module.partition(".")[0]
        if module.startswith("."):
            return 4
        if top == "__future__":
            return 0
        if top in sys.stdlib_module_names:
            return 1
        return 3 if self._located(top) else 2

    def _located(self, name: str) -> str | None:
        """Return the dotted path of a module of the project; of a longer name, what can be found of it decides."""
        parts = name.split(".")
        for root in self._roots:
            first = f"{root}{parts[0]}"
            if self.tree.has(f"{first}.py") or self.tree.has(first):
                return ".".join((*PurePosixPath(root).parts, *parts))
        return None
