"""The probe runs in environments that are not ours: it needs the standard library of Python 3.9, and nothing else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from fastwright.project import child

MODULES = [child.GUEST, *sorted(child.GUEST.with_name("probe").glob("*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_of_the_probe_is_python_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_of_the_probe_imports_the_standard_library_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            own = name.startswith("fastwright.project.probe")
            assert own or name.partition(".")[0] in sys.stdlib_module_names, name
