"""What runs in environments that are not ours needs the standard library of Python 3.9, and nothing else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from fastwright.project import child

OURS = child.GUEST.parent.parent
FOLDERS = ("project/probe", "proof/guest", "measure/driver", "diagnose/guest")
PACKAGES = tuple(f"fastwright.{folder.replace('/', '.')}" for folder in FOLDERS)
MODULES = [child.GUEST, *sorted(path for folder in FOLDERS for path in (OURS / folder).glob("*.py"))]


def name_of(path: Path) -> str:
    return str(path.relative_to(OURS))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_python_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_the_standard_library_and_its_like(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            own = name.startswith(PACKAGES)
            assert own or name.partition(".")[0] in sys.stdlib_module_names, name
