"""Write what the templates give for a design into a directory, without proof: for work on the templates."""

from __future__ import annotations

import sys
from pathlib import Path

from fastwright.design import read_yaml
from fastwright.design.model import Design
from fastwright.scaffold.engine import render_backend


def main() -> None:
    """`python scripts/render.py DESIGN|- OUT`: `-` is a design without resources."""
    source, out = sys.argv[1], Path(sys.argv[2])
    design = Design(name="bench") if source == "-" else read_yaml(Path(source))
    for path, text in render_backend(design).items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
