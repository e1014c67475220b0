"""`examples/shop` is what `fastwright new` writes today, so people who read it read the product."""

from __future__ import annotations

import difflib
import subprocess
from pathlib import Path

from fastwright.design import read_yaml
from fastwright.scaffold.engine import render_backend

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
REMEDY = "Run `make examples`, and read its diff: it is what the change does to people's backends."
SHOWN_LINES = 40
WIDTH = 120


def test_the_committed_shop_equals_what_the_templates_give():
    expected = {str(path): text for path, text in render_backend(read_yaml(EXAMPLES / "shop.yaml")).items()}
    actual = _committed()

    missing = sorted(expected.keys() - actual.keys())
    surplus = sorted(actual.keys() - expected.keys())
    changed = [path for path in sorted(expected.keys() & actual.keys()) if expected[path] != actual[path]]

    assert not missing, f"not in examples/shop: {', '.join(missing)}. {REMEDY}"
    assert not surplus, f"no longer written: {', '.join(surplus)}. {REMEDY}"
    assert not changed, f"{_diff(changed[0], actual, expected)}\ndiffers: {', '.join(changed)}. {REMEDY}"


def test_no_line_of_it_is_longer_than_its_formatter_allows():
    files = {path: text for path, text in _committed().items() if path.endswith(".py")}
    assert not [path for path, text in files.items() if max(map(len, text.splitlines()), default=0) > WIDTH]


def _committed() -> dict[str, str]:
    """Return the example's files: not what somebody's `make dev` left in it."""
    shop = EXAMPLES / "shop"
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."]
    listed = subprocess.run(command, cwd=shop, check=True, capture_output=True, text=True, timeout=30).stdout
    names = [name for name in listed.split("\0") if name and name not in {"uv.lock", "PROOF.md"}]
    return {name: (shop / name).read_text(encoding="utf-8") for name in names if (shop / name).exists()}


def _diff(path: str, actual: dict[str, str], expected: dict[str, str]) -> str:
    lines = difflib.unified_diff(
        actual[path].splitlines(), expected[path].splitlines(), f"committed {path}", f"today's {path}", lineterm=""
    )
    return "\n".join(list(lines)[:SHOWN_LINES])
