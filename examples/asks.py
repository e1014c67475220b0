"""Four requests in plain words, on an app that somebody else wrote: `python examples/asks.py PLACE --python EXE`.

Copies `examples/bazaar` to PLACE and asks for a registration, a protected path, faster queries, and why a request is
refused. Each answer is proven on a copy before anything of it lands; exit 0 only if all four are.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

REQUESTS = (
    "I need to create a user registration endpoint with email validation and password hashing",
    "Can you add JWT authentication to protect the /api/posts endpoints?",
    "The API is slow when fetching user data. Can you optimize the database queries?",
    "I'm getting validation errors on the POST /api/products endpoint",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with FastAPI, SQLAlchemy and pytest")
    options = parser.parse_args()
    shutil.copytree(Path(__file__).parent / "bazaar", options.place, dirs_exist_ok=True)
    console = Console(highlight=False)
    for words in REQUESTS:
        console.print()
        console.print(Text(f"$ fastwright ask {words!r}", "bold"), soft_wrap=True)
        command = [sys.executable, "-m", "fastwright", "ask", words, "--yes", "--python", options.python.absolute()]
        if subprocess.run(command, cwd=options.place, check=False).returncode != 0:
            return 1
    console.print()
    subprocess.run([sys.executable, "-m", "fastwright", "undo", "--list"], cwd=options.place, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
