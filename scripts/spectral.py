"""Lint the shop's OpenAPI document with Spectral, its OpenAPI rules and its OWASP rules: no errors are allowed.

Spectral is a Node program, so npm has to be there; without it this says so and passes. Everything is kept in `.cache/`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "spectral"
PACKAGES = ("@stoplight/spectral-cli@6.16.3", "@stoplight/spectral-owasp-ruleset@2.0.1")
RULES = {"extends": ["spectral:oas", "@stoplight/spectral-owasp-ruleset"]}
DOCUMENT = "import json; from app.main import create_app; print(json.dumps(create_app().openapi()))"
LEVELS = ("error", "warning", "information", "hint")


class Result(BaseModel):
    """One of Spectral's findings; severity 0 is an error."""

    code: str
    severity: int
    message: str
    path: list[str | int]


def main() -> int:
    """`python scripts/spectral.py`."""
    npm = shutil.which("npm")
    if npm is None:
        print("Not linted: there is no npm on the PATH, and Spectral comes from it.")
        return 0
    CACHE.mkdir(parents=True, exist_ok=True)
    _install(npm)
    results = _lint(_write_document())
    counts = Counter(LEVELS[result.severity] for result in results)
    for result in results:
        if result.severity == 0:
            print(f"{result.code}: {result.message} ({'/'.join(map(str, result.path))})")
    print(f"Spectral: {', '.join(f'{counts[level]} {level}s' for level in LEVELS[:3])}")
    return 1 if counts["error"] else 0


def _install(npm: str) -> None:
    installed = CACHE / "installed.json"
    if installed.exists() and json.loads(installed.read_text(encoding="utf-8")) == list(PACKAGES):
        return
    options = ("--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([npm, "install", f"--prefix={CACHE}", *options, *PACKAGES], check=True, timeout=600)
    installed.write_text(json.dumps(PACKAGES), encoding="utf-8")


def _write_document() -> Path:
    """Return the OpenAPI document of a copy of the shop, which gets an environment of its own."""
    shop = CACHE / "shop"
    shutil.copytree(ROOT / "examples" / "shop", shop, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".venv"))
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "run", "--quiet", "--no-dev", "--directory", shop, "python", "-c", DOCUMENT]
    run = subprocess.run(command, check=True, timeout=600, stdout=subprocess.PIPE)
    document = CACHE / "openapi.json"
    document.write_bytes(run.stdout)
    return document


def _lint(document: Path) -> list[Result]:
    ruleset = CACHE / "ruleset.json"
    ruleset.write_text(json.dumps(RULES), encoding="utf-8")
    spectral = CACHE / "node_modules" / ".bin" / "spectral"
    options = (f"--ruleset={ruleset}", "--format=json", "--quiet", "--fail-severity=error")
    run = subprocess.run(
        [spectral, "lint", document, *options], cwd=CACHE, check=False, timeout=300, capture_output=True, text=True
    )
    if run.returncode not in (0, 1):
        sys.exit(f"spectral: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return TypeAdapter(list[Result]).validate_json(run.stdout or "[]")


if __name__ == "__main__":
    sys.exit(main())
