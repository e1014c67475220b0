"""Render the template tree of a backend, at the paths where the files land.

A file that ends in `.jinja` is rendered; every other file is copied as it is. A path that contains `_resource_` is
rendered once for each resource, with the resource's own package name in that place. A template that renders to
nothing but white space is left out: that is how an option that was not chosen leaves no trace.
"""

from __future__ import annotations

import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path, PurePosixPath

import jinja2

from fastwright.design.model import Design
from fastwright.scaffold.tested import TestedResource
from fastwright.scaffold.text import literal
from fastwright.scaffold.views import BackendView

RESOURCE_MARK = "_resource_"
SUFFIX = ".jinja"
SKIPPED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".venv"})


def render_backend(design: Design) -> dict[PurePosixPath, str]:
    """Return every file of the backend for `design`, formatted, keyed by its path inside the project."""
    root = Path(str(resources.files("fastwright") / "templates" / "backend"))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(root),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python and Markdown, and names were checked by the design
    )
    environment.filters["literal"] = literal
    view = BackendView.of(design)
    return formatted(dict(pair for template in _templates(root) for pair in _render(environment, root, template, view)))


def _templates(root: Path) -> Iterator[PurePosixPath]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED.intersection(relative.parts):
            yield PurePosixPath(relative.as_posix())


def _render(
    environment: jinja2.Environment, root: Path, template: PurePosixPath, view: BackendView
) -> Iterator[tuple[PurePosixPath, str]]:
    per_resource: tuple[TestedResource | None, ...] = view.resources if RESOURCE_MARK in str(template) else (None,)
    for resource in per_resource:
        name = str(template).removesuffix(SUFFIX)
        target = PurePosixPath(name.replace(RESOURCE_MARK, resource.package) if resource else name)
        if template.suffix == SUFFIX:
            shown = resource.latest() if resource and template.parts[0] == "tests" else resource
            text = environment.get_template(str(template)).render(backend=view, resource=shown)
            if text.strip():
                yield target, text
        else:
            yield target, (root / template).read_text(encoding="utf-8")


def formatted(files: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, str]:
    """Prune and sort the imports and format, with ruff and the settings that the backend itself ships.

    A template imports whatever some design may need, and what this design did not use is taken out here.
    """
    with tempfile.TemporaryDirectory(prefix="fastwright-") as scratch:
        directory = Path(scratch)
        for path, text in files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        _ruff(directory, "check", "--select", "I,F401,RUF022", "--fix", "--quiet", "--no-cache")
        _ruff(directory, "format", "--quiet", "--no-cache")
        return {path: (directory / path).read_text(encoding="utf-8") for path in files}


def _ruff(directory: Path, *arguments: str) -> None:
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    subprocess.run([ruff, *arguments, "."], cwd=directory, check=True, timeout=60)
