"""Draw what the terminal shows, for the README: `python scripts/pictures.py --python EXE`.

Each command is really run, in a terminal of its own, on a copy of `examples/bazaar`; nothing of it is written by hand.
"""

from __future__ import annotations

import argparse
import io
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH = 120
BEFORE = ["add", "auth", "--yes"]
PICTURES = {"protect": ["protect", "/api/posts", "--yes"], "map": ["map"]}
# Fonts of the reader instead of one that every reader would have to fetch from elsewhere.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with FastAPI, SQLAlchemy and pytest")
    options = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "bazaar"
        shutil.copytree(ROOT / "examples" / "bazaar", project)
        python = ["--python", str(options.python.absolute())]
        _shown([*BEFORE, *python], project)
        for name, arguments in PICTURES.items():
            shown = _shown([*arguments, *python], project)
            (IMAGES / f"{name}.svg").write_text(_drawn(shown, shlex.join(["fastwright", *arguments])), encoding="utf-8")


def _shown(arguments: list[str], project: Path) -> str:
    """Return what a command writes to a terminal, without what it wrote over again."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(WIDTH), "LINES": "400"}
    command = [sys.executable, "-m", "fastwright", *arguments]
    with subprocess.Popen(
        command, cwd=project, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(theirs)
        shown = _read(ours)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return shown


def _read(terminal: int) -> str:
    read = io.BytesIO()
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how a terminal says that its other side was closed
            break
        if not piece:
            break
        read.write(piece)
    return read.getvalue().decode().replace("\r\n", "\n")


def _drawn(shown: str, command: str) -> str:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ {command}", "bold"), Text.from_ansi(shown), sep="\n", soft_wrap=True)
    return console.export_svg(title="fastwright", code_format=FORMAT)


if __name__ == "__main__":
    main()
