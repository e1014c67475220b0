"""Write the stub of a rule: `python scripts/new_rule.py unbounded-page-size`. The name is what it finds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

RULES = Path(__file__).parent.parent / "src" / "fastwright" / "rules"
STUB = '''"""What is wrong, in a few words.

## What it does
Finds …

## Why it hurts
…

## Bad
```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def list_items() -> list[int]:  # <- found
    return []
```

## Good
```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def list_items() -> list[int]:
    return []
```

## Known limits
…
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._rule import Found, Rule, View, on

RULE = Rule("contract", "medium", ())


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        yield on(route, "what is wrong here")
'''


def main(name: str) -> int:
    """Write the file, unless it is there or the name is none."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name):
        print(f"{name!r} is no name for a rule: write it as unbounded-page-size")
        return 2
    file = RULES / f"{name.replace('-', '_')}.py"
    if file.exists():
        print(f"{file} is there already")
        return 1
    file.write_text(STUB, encoding="utf-8")
    print(f"{file}: write it, then run pytest tests/rules -k {name}, and python scripts/rule_pages.py")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
