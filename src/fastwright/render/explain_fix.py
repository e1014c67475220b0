"""What `explain` offers to change in the app, and what became of it with `--fix`, for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.render.landing import failed, print_failures
from fastwright.verbs.explain import Explained

_ADVICE = "make the edit by hand and run fastwright prove, which says what else it changes"
_NOTHING = "no change to the app is known that would let it accept this"
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def print_change(console: Console, found: Explained, *, fix: bool) -> None:
    """Print the change that lets the app accept the request, whether it was only offered or was to be made."""
    if found.change is None:
        if fix:
            console.print(Text(f"Nothing was changed: {_NOTHING}."), soft_wrap=True)
        return
    console.print()
    if fix and not found.proof.proven:
        print_failures(console, found.proof, _ADVICE)
        return
    console.print(Text("The app can be changed to accept it:" if not fix else _verdict(found), "bold"), soft_wrap=True)
    for line in found.diff.splitlines():
        if not line.startswith(("diff --git", "--- ")):
            console.print(Text(f"  {line.removeprefix('+++ b/')}", _style(line)), soft_wrap=True)
    if not fix:
        console.print(Text(f"Tried on a copy: {found.tried}."), soft_wrap=True)
        console.print(Text("  the same with --fix  # proves it, and writes it", "dim"))
    elif found.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"))


def explained_as_data(found: Explained, *, fix: bool) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if the app was to be changed and that did not come about."""
    data = found.model_dump(mode="json")
    if fix and found.change is None:
        data["error"] = {"message": f"{_NOTHING}; nothing was changed", "hint": "each problem says what to do in `fix`"}
    elif fix and not found.proof.proven:
        data["error"] = {"message": failed(found.proof), "hint": _ADVICE}
    return data


def _verdict(found: Explained) -> str:
    how = "landed" if found.landed else "nothing was written (dry run)"
    return f"✓ Proven in {found.proof.seconds:.1f} s: {found.tried}; {how}"


def _style(line: str) -> str:
    return "bold" if line.startswith("+++ ") else _STYLES.get(line[:1], "")
